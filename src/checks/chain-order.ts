import { listed } from '../core/text.ts';
import { chainsOf } from './chains.ts';
import { defineCheck } from './check.ts';
import { called } from './context.ts';

/** TLS 1.2 (RFC 5246, 7.4.2) sends the leaf first, then each issuer; the firmware takes the first as its own. */
export const chainOrder = defineCheck({
  code: 'chain-order',
  severity: 'warning',
  summary: 'The certificates of a chain are not in order from the leaf up.',
  explain: async () => ({
    meaning:
      'The device sends the certificates in the order of the file and takes the first as its own: its key does not fit.',
    cause: 'Files were joined in the order of their names.',
    remedy:
      'Join them from the leaf up: the device certificate, the intermediate that signed it, and so on. Or let the build sort them: `"normalize": { "chain": "sorted" }`.',
    source: 'RFC 5246, section 7.4.2; mbedTLS, ssl_key_cert.',
  }),
  run: (context) =>
    chainsOf(context).flatMap(({ slot, certificates, leaf, path, hasKey }) => {
      const inFile = certificates.filter(({ certificate }) => path.includes(certificate));
      const wrong = inFile.findIndex(({ certificate }, index) => certificate !== path[index]);
      const misplaced = certificates[0]?.certificate === leaf ? inFile[wrong] : certificates[0];
      if (misplaced === undefined) return [];
      const order = listed(path.map(called));
      // The device takes the first for its own, and its key does not fit it.
      const severity = hasKey && certificates[0]?.certificate !== leaf ? 'error' : undefined;
      const what = severity ? 'takes the first as its own, which its key does not fit' : 'sends them as they stand';
      const message = `the certificates in ${slot.name} are in the wrong order; the device ${what}`;
      return [
        {
          slot,
          object: misplaced.object,
          severity,
          hint: `the right order: ${order}; the build sorts them with "normalize": { "chain": "sorted" } in the config`,
          message,
        } as const,
      ];
    }),
});
