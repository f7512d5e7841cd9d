import { defineCheck } from './check.ts';
import { keyIn } from './context.ts';

/** The firmware passes no password to mbedTLS, in any release. */
export const encryptedKey = defineCheck({
  code: 'encrypted-key',
  severity: 'error',
  summary: 'A private key needs a password, which the device does not have.',
  explain: async () => ({
    meaning: 'The firmware passes no password to mbedTLS: it cannot use the key (-0x1300, -0x3c00).',
    cause: 'OpenSSL and other tools encrypt keys with a password unless told otherwise.',
    remedy:
      'Store the key decrypted (openssl pkey -in FILE -out NEW), or let the build open it: `"normalize": { "password": { "env": "KEY_PASSWORD" } }`. Protect the device with flash encryption.',
    source: 'mbedTLS, pk_parse_key: MBEDTLS_ERR_PK_PASSWORD_REQUIRED.',
  }),
  run: ({ slots }) =>
    slots.flatMap((slot) => {
      const key = keyIn(slot);
      if (!key?.encrypted || key.problem !== undefined) return [];
      const message = `${slot.name} is encrypted, and the device has no password for it`;
      const hint = 'store it decrypted: openssl pkey -in FILE -out NEW; protect the device with flash encryption';
      const deviceCodes = key.label === 'ENCRYPTED PRIVATE KEY' ? ['-0x3c00'] : ['-0x1300'];
      return [{ slot, object: key, message, hint, deviceCodes }];
    }),
});
