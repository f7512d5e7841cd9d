import { listed } from '../core/text.ts';
import { defineCheck } from './check.ts';
import { keyIn, keysIn } from './context.ts';

/** Several keys in a file of which the device takes one, by its label and not by its place. */
export const severalKeys = defineCheck({
  code: 'several-keys',
  severity: 'warning',
  summary: 'A key file holds several private keys, and the device takes one of them.',
  explain: async () => ({
    meaning:
      'mbedTLS looks for RSA PRIVATE KEY, then EC PRIVATE KEY, then PRIVATE KEY, then ENCRYPTED PRIVATE KEY, wherever they stand: not for the first in the file.',
    cause: 'A new key was put above or below the old one; since OpenSSL 3 the two have different labels.',
    remedy: 'Leave one key in the file.',
    source: 'mbedTLS, pkparse.c, mbedtls_pk_parse_key.',
  }),
  run: ({ slots }) =>
    slots.flatMap((slot) => {
      const keys = keysIn(slot);
      const taken = keyIn(slot);
      if (keys.length < 2 || taken === undefined) return [];
      const at = ({ label, line }: typeof taken) => `${label} in line ${line}`;
      const others = keys.filter((key) => key !== taken);
      const message = `${slot.name} holds ${keys.length} keys: the device takes ${at(taken)}, not ${listed(others.map(at))}`;
      const related = others.map((key) => ({ message: 'another key', place: { file: slot.file, line: key.line } }));
      return [{ slot, object: taken, message, hint: 'keep the one that belongs to the certificate', related }];
    }),
});
