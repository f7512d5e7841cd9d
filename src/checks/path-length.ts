import type { Certificate } from '../pki/x509.ts';
import { chainsOf } from './chains.ts';
import { defineCheck } from './check.ts';
import { called } from './context.ts';

/** A CA of a chain that may not have so many CAs below it. */
export const pathLength = defineCheck({
  code: 'path-length',
  severity: 'warning',
  summary: 'A CA in a chain has more CAs below it than its path length (pathlen) allows.',
  explain: async () => ({
    meaning: 'Peers reject the chain that the device sends (-0x2700; OpenSSL: "path length constraint exceeded").',
    cause: 'A CA that may only issue certificates for devices and servers (pathlen:0) issued another CA.',
    remedy: 'Reissue the upper CA with a greater pathlen or none, or let the upper CA issue the certificate.',
    source: 'RFC 5280, section 4.2.1.9; mbedTLS, x509_crt_check_parent.',
  }),
  run: (context) =>
    chainsOf(context).flatMap(({ slot, certificates, path }) => {
      const over = tooShort(path);
      if (over === undefined) return [];
      const { ca, below } = over;
      const object = certificates.find(({ certificate }) => certificate === ca)?.object;
      const message = `${slot.name}: ${called(ca)} has the path length (pathlen) ${ca.pathLength}, and ${below} more ${below === 1 ? 'is' : 'are'} between it and the leaf: peers reject the chain`;
      const hint = 'reissue that CA with a greater pathlen, or let it issue the leaf itself';
      return [{ slot, object, message, hint, deviceCodes: ['-0x2700'] }];
    }),
});

/** The first CA of a path, from the leaf up, that has more CAs below it than it may; those that signed themselves do not count. */
export function tooShort(path: readonly Certificate[]): { ca: Certificate; below: number } | undefined {
  let below = 0;
  for (const ca of path.slice(1)) {
    if (ca.pathLength !== undefined && below > ca.pathLength) return { ca, below };
    if (!ca.selfIssued) below++;
  }
  return undefined;
}
