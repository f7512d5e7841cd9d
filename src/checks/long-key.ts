import { keyText, type PublicKey } from '../pki/public-key.ts';
import { defineCheck, type Finding } from './check.ts';
import { certificatesIn, isInCertificate, keyIn, nameOf } from './context.ts';

/** Limit of the RSA accelerator of the ESP32; ESP-IDF has no software fallback for longer numbers. */
const mostBits = 4096;
const hint = 'use RSA of 2048 to 4096 bits, or EC on P-256: short, and fast on these chips';

/** An RSA key that the chip cannot compute with. */
export const longKey = defineCheck({
  code: 'long-key',
  severity: 'warning',
  summary: 'An RSA key is longer than the chip can compute with.',
  explain: async () => ({
    meaning:
      'The ESP32 multiplies numbers of at most 4,096 bits: signing, or verifying what such a CA signed, fails (-0x4300, -0x4380).',
    cause: 'A CA for decades was made with a key of RSA 8192.',
    remedy:
      'Have the certificate made with a shorter key, or signed by another CA: EC on P-256 is as strong as RSA 3072.',
    source: 'ESP-IDF, esp_bignum.c: SOC_RSA_MAX_BIT_LEN of the ESP32.',
  }),
  run: (context) =>
    context.slots.flatMap((slot): Finding[] => {
      const key = keyIn(slot);
      if (key?.privateKey && isLong(key.privateKey) && !isInCertificate(key.privateKey, slot, context)) {
        return [
          { slot, object: key, message: `${slot.name} is a key of ${textOf(key.privateKey)}`, hint, deviceCodes },
        ];
      }
      return certificatesIn(slot)
        .filter(({ certificate }) => isLong(certificate.publicKey))
        .map((at) => {
          const message = `${nameOf(at)} has a key of ${textOf(at.certificate.publicKey)}`;
          return { slot, object: at.object, message, hint, deviceCodes };
        });
    }),
});

const isLong = ({ type, bits }: PublicKey): boolean => type === 'RSA' && bits > mostBits;
const textOf = (key: PublicKey): string => `${keyText(key)}; the ESP32 computes with ${mostBits} bits at most`;
const deviceCodes = ['-0x4300', '-0x4380'];
