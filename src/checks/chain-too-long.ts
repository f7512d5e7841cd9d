import { grouped } from '../core/text.ts';
import { isSelfSigned } from '../pki/signature.ts';
import { defineCheck, type Finding } from './check.ts';
import { called, certificatesIn } from './context.ts';

/** Bytes of a message that the device can send (MBEDTLS_SSL_OUT_CONTENT_LEN, which ESP-AT leaves as ESP-IDF has it). */
const mostBytes = 4096;
/** Of the message and of the list in it; and of each certificate (RFC 5246, 7.4.2). */
const headBytes = 7;
const bytesEach = 3;
/** MBEDTLS_X509_MAX_INTERMEDIATE_CA. */
export const mostIntermediates = 8;

/** A chain that does not fit the one message in which the device sends it, or that peers do not follow to its end. */
export const chainTooLong = defineCheck({
  code: 'chain-too-long',
  severity: 'error',
  summary: 'The certificates that the device sends are too long, or too many.',
  explain: async () => ({
    meaning:
      'The device sends its certificate and the certificates after it in one message of at most 4,096 bytes. A longer chain fails the handshake (-0x7500, -0x6a00). Peers with mbedTLS accept at most 8 intermediates.',
    cause: 'The file ends with the root, which peers do not need, or has RSA 4096 keys.',
    remedy: 'Remove the root: peers have it. Or reissue the certificates with EC keys: each is a third as long.',
    source: 'ESP-IDF, CONFIG_MBEDTLS_SSL_OUT_CONTENT_LEN; mbedTLS, mbedtls_ssl_write_certificate.',
  }),
  run: ({ slots }) =>
    slots.flatMap((slot): Finding[] => {
      if (slot.kind !== 'cert') return [];
      const chain = certificatesIn(slot);
      const bytes = chain.reduce((sum, { certificate }) => sum + bytesEach + certificate.size, headBytes);
      const last = chain.at(-1);
      const object = last?.object;
      const root = last && chain.length > 1 && isSelfSigned(last.certificate) ? last : undefined;
      if (bytes > mostBytes) {
        const message = `${slot.name} makes a message of ${grouped(bytes)} bytes; the device can send ${grouped(mostBytes)} (${chain.length} certificates)`;
        const without = root && bytes - bytesEach - root.certificate.size;
        const hint =
          root && without !== undefined && without <= mostBytes
            ? `remove the root at its end, ${called(root.certificate)}: ${grouped(without)} bytes remain`
            : 'remove what peers already have, or reissue the certificates with EC keys';
        return [{ slot, object, message, hint, deviceCodes: ['-0x7500', '-0x6a00'] }];
      }
      if (chain.length - 1 > mostIntermediates + (root ? 1 : 0)) {
        const message = `${slot.name} has ${chain.length - 1} certificates after its first; peers with mbedTLS accept ${mostIntermediates}`;
        return [{ slot, object, severity: 'warning', message, hint: 'remove those that peers already have' }];
      }
      return [];
    }),
});
