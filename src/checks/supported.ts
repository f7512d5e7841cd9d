import type { MbedTls } from '../firmware/mbedtls.ts';
import type { PublicKey } from '../pki/public-key.ts';

const curves: ReadonlySet<string> = new Set([
  ...['P-192', 'P-224', 'P-256', 'P-384', 'P-521'],
  ...['brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
]);

/** The curves of block chains: mbedTLS 2 takes them in TLS, 3 no more. */
const oldCurves: ReadonlySet<string> = new Set(['secp192k1', 'secp224k1', 'secp256k1']);

/** Returns true if the device supports a kind of key in TLS. Without `mbedTls` the release is not known. */
export const isSupported = ({ type, curve = '' }: PublicKey, mbedTls: readonly MbedTls[] = []): boolean =>
  type === 'RSA' ||
  (type === 'EC' && (curves.has(curve) || (oldCurves.has(curve) && mbedTls.length === 1 && mbedTls[0] === '2.16')));
