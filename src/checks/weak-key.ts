import { keyText, type PublicKey } from '../pki/public-key.ts';
import { defineCheck, type Finding } from './check.ts';
import { certificatesIn, isInCertificate, keyIn, nameOf, type Target } from './context.ts';
import { severityOf } from './refusals.ts';
import { isSupported } from './supported.ts';

const fewestRsaBits = 2048;
const fewestCurveBits = 256;
/** Bits that a signature of RSA over SHA-512 with its padding takes, and what peers take at least. */
const fewestToSign = 1024;
const hint = 'use RSA of 2048 bits or more, or EC on P-256';
const hintOfCa = 'use another CA of the same peers, or reissue it with RSA of 2048 bits or more, or EC on P-256';

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
    context.slots.flatMap((slot): Finding[] => {
      const key = keyIn(slot);
      const privateKey = key?.privateKey;
      if (key && privateKey && isWeak(privateKey)) {
        const isUseless = privateKey.type === 'RSA' && privateKey.bits < fewestToSign;
        if (!isUseless && isInCertificate(privateKey, slot, context)) return [];
        const severity = isUseless ? severityOf(slot, key, context) : undefined;
        const why = isUseless ? 'too short to sign in TLS 1.2' : least(privateKey);
        return [
          { slot, object: key, hint, severity, message: `${slot.name} is a key of ${keyText(privateKey)}; ${why}` },
        ];
      }
      return certificatesIn(slot)
        .filter(({ certificate }) => isWeak(certificate.publicKey))
        .map((at) => {
          const { publicKey } = at.certificate;
          const called = `${nameOf(at)} has a key of ${keyText(publicKey)}`;
          if (slot.kind !== 'ca') return { slot, object: at.object, message: `${called}; ${least(publicKey)}`, hint };
          const severity = refusesAsCa(publicKey, context.target) ? severityOf(slot, at.object, context) : undefined;
          const message = `${called}: nothing that it signed is accepted; ${least(publicKey)}`;
          return { slot, object: at.object, message, severity, hint: hintOfCa, deviceCodes: ['-0x2700'] };
        });
    }),
});

/** mbedTLS 2 counts an RSA key in whole bytes, and takes the old curves. */
const refusesAsCa = ({ type, bits }: PublicKey, { mbedTls }: Target): boolean =>
  (type === 'RSA' && bits <= fewestRsaBits - 8) || mbedTls.every((version) => version === '3.6');

export const isWeak = (key: PublicKey): boolean =>
  isSupported(key) && key.bits < (key.type === 'RSA' ? fewestRsaBits : fewestCurveBits);

const least = ({ type }: PublicKey): string =>
  `TLS on the device wants ${type === 'RSA' ? `${fewestRsaBits} bits` : 'P-256'} or more`;
