import { keyText, type PublicKey } from '../pki/public-key.ts';
import { defineCheck } from './check.ts';
import { type CheckContext, certificatesIn, keyIn, nameOf, partnerOf, type Slot } from './context.ts';
import { isSupported } from './unsupported-algorithm.ts';

const fewestRsaBits = 2048;
const fewestCurveBits = 256;
const hint = 'use RSA of 2048 bits or more, or EC on P-256';

/** A key below what mbedTLS accepts by default (mbedtls_x509_crt_profile_default). */
export const weakKey = defineCheck({
  code: 'weak-key',
  severity: 'warning',
  summary: 'A key is shorter than the device accepts in TLS.',
  explain: async () => ({
    meaning:
      'mbedTLS rejects RSA below 2,048 bits and curves below P-256 in certificates that it verifies; so do servers.',
    cause: 'The key was made long ago, or short to save time.',
    remedy: 'Make a new key: EC on P-256 is short and fast on these chips.',
    source: 'mbedTLS, mbedtls_x509_crt_profile_default.',
  }),
  run: (context) =>
    context.slots.flatMap((slot) => {
      const key = keyIn(slot);
      if (key?.privateKey && isWeak(key.privateKey) && !isInCertificate(key.privateKey, slot, context)) {
        const message = `${slot.name} is a key of ${keyText(key.privateKey)}; ${least(key.privateKey)}`;
        return [{ slot, object: key, message, hint }];
      }
      return certificatesIn(slot)
        .filter(({ certificate }) => isWeak(certificate.publicKey))
        .map((one) => {
          const { publicKey } = one.certificate;
          const message = `${nameOf(one)} has a key of ${keyText(publicKey)}; ${least(publicKey)}`;
          return { slot, object: one.object, message, hint };
        });
    }),
});

export const isWeak = (key: PublicKey): boolean =>
  isSupported(key) && key.bits < (key.type === 'RSA' ? fewestRsaBits : fewestCurveBits);

const least = ({ type }: PublicKey): string =>
  `TLS on the device wants ${type === 'RSA' ? `${fewestRsaBits} bits` : 'P-256'} or more`;

/** Then the certificate is told of, and once is enough. */
function isInCertificate({ spkiSha256 }: PublicKey, slot: Slot, context: CheckContext): boolean {
  const partner = partnerOf(slot, 'cert', context);
  const certificates = partner ? certificatesIn(partner) : [];
  return certificates.some(({ certificate }) => certificate.publicKey.spkiSha256 === spkiSha256);
}
