import { keyText } from '../pki/public-key.ts';
import type { Certificate } from '../pki/x509.ts';
import { defineCheck, type Finding } from './check.ts';
import { certificatesIn, isInCertificate, keyIn, nameOf } from './context.ts';
import { removeFromBundle, severityOf } from './refusals.ts';
import { isSupported } from './supported.ts';

const hint = 'use RSA of 2048 bits or more, or EC on P-256';
const hintOfCa = 'its own key is fine: use a CA with an RSA key of 2048 bits or more, or EC on P-256';

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
  run: (context) => {
    const { mbedTls } = context.target;
    return context.slots.flatMap((slot) => {
      const key = keyIn(slot);
      if (key?.privateKey && !isSupported(key.privateKey, mbedTls) && !isInCertificate(key.privateKey, slot, context)) {
        const message = `${slot.name} is a key of ${keyText(key.privateKey)}, which the device does not support`;
        return [{ slot, object: key, message, hint, deviceCodes }];
      }
      return certificatesIn(slot).flatMap((at): Finding[] => {
        const { publicKey, signature } = at.certificate;
        const isKnown = signature.type === 'RSA' || signature.type === 'EC';
        const isOwnKey = isSupported(publicKey, mbedTls);
        if (isOwnKey && isKnown) return [];
        const what = isOwnKey ? `is signed by ${signature.name}` : `has a key of ${keyText(publicKey)}`;
        const severity = severityOf(slot, at.object, context);
        const rest =
          severity === 'warning'
            ? ', which the device does not support: it leaves it out'
            : ', which the device does not support';
        const message = `${nameOf(at)} ${what}${rest}`;
        const remedy = severity === 'warning' ? removeFromBundle : isOwnKey ? hintOf(signature) : hint;
        return [
          {
            slot,
            object: at.object,
            message,
            severity,
            hint: remedy,
            deviceCodes: isOwnKey ? ['-0x262e'] : deviceCodes,
          },
        ];
      });
    });
  },
});

/** MBEDTLS_ERR_PK_UNKNOWN_PK_ALG, and that of a curve. */
const deviceCodes = ['-0x3c80', '-0x3a00'];

/** Of Ed25519 and its like the key of the CA is at fault, else the hash. */
const hintOf = ({ type }: Certificate['signature']): string =>
  type === 'other' ? 're-sign it with RSA or ECDSA over SHA-256' : hintOfCa;
