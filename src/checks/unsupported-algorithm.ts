import { keyText, type PublicKey } from '../pki/public-key.ts';
import { defineCheck } from './check.ts';
import { certificatesIn, keyIn, nameOf, partnerOf } from './context.ts';

const curves = new Set([
  'P-192',
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
]);
const hint = 'use RSA of 2048 bits or more, or EC on P-256';

/** A key or signature that the firmware's mbedTLS has no code for, or does not accept in TLS. */
export const unsupportedAlgorithm = defineCheck({
  code: 'unsupported-algorithm',
  severity: 'error',
  summary: 'A key or signature is of a kind that the device does not support.',
  explain: async () => ({
    meaning: 'mbedTLS as ESP-AT builds it has no code for it, or does not accept it in TLS.',
    cause: 'Newer tools make Ed25519 keys by default; secp256k1 is meant for block chains.',
    remedy:
      'Make an EC key on P-256 or an RSA key of 2,048 bits or more, and request its certificate: openssl ecparam -name prime256v1 -genkey.',
    source: 'mbedTLS, mbedtls_config.h of ESP-IDF; pk.h has no Ed25519.',
  }),
  run: (context) =>
    context.slots.flatMap((slot) => {
      const key = keyIn(slot);
      if (key?.privateKey && !isSupported(key.privateKey) && !isSaidOf(key.privateKey)) {
        const message = `${slot.name} is a key of ${keyText(key.privateKey)}, which the device does not support`;
        return [{ slot, object: key, message, hint }];
      }
      return certificatesIn(slot).flatMap((one) => {
        const { publicKey, signature } = one.certificate;
        const isKnown = signature.type === 'RSA' || signature.type === 'EC';
        if (isSupported(publicKey) && isKnown) return [];
        const what = isSupported(publicKey) ? `is signed by ${signature.name}` : `has a key of ${keyText(publicKey)}`;
        const message = `${nameOf(one)} ${what}, which the device does not support`;
        return [{ slot, object: one.object, message, hint }];
      });

      /** Its certificate has the same key, and is told of already. */
      function isSaidOf({ spkiSha256 }: PublicKey): boolean {
        const partner = partnerOf(slot, 'cert', context);
        return (
          partner !== undefined &&
          certificatesIn(partner).some(({ certificate }) => certificate.publicKey.spkiSha256 === spkiSha256)
        );
      }
    }),
});

export const isSupported = ({ type, curve = '' }: PublicKey): boolean =>
  type === 'RSA' || (type === 'EC' && curves.has(curve));
