import type { PrivateKeyInput } from 'node:crypto';
import { nodeCrypto } from '../core/crypto.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { checkDer, childrenOf, type DerElement, smallInteger, tags } from './der.ts';
import { traditional } from './traditional-key.ts';

/** A private key without its encryption. */
export interface OpenedKey {
  readonly label: string;
  readonly der: Uint8Array;
}

/** Either of the two ways in which private keys are encrypted. */
export type EncryptedKey =
  | { readonly form: 'PKCS #8'; readonly der: Uint8Array }
  /** RFC 1421 headers in a block with one of the older labels. `text`: with its BEGIN and END lines. */
  | { readonly form: 'traditional'; readonly label: string; readonly text: string };

/** `password`: it does not open the key. `cipher`: this Node cannot decrypt it. */
export type NotOpened = 'password' | 'cipher';

/**
 * Opens an encrypted key. It keeps its form: PKCS #8 stays PKCS #8, and an `RSA PRIVATE KEY` or `EC PRIVATE KEY` stays
 * one, since the firmware takes them all as PEM. OpenSSL's own error is dropped, lest it tell something of the key.
 */
export function openKey(key: EncryptedKey, passphrase: string): Result<OpenedKey, NotOpened> {
  if (key.form === 'PKCS #8' && !isSoonDone(key.der)) return fail('cipher');
  const input: PrivateKeyInput =
    key.form === 'PKCS #8'
      ? { key: Buffer.from(key.der), format: 'der', type: 'pkcs8', passphrase }
      : { key: key.text, format: 'pem', passphrase };
  try {
    const der = nodeCrypto().createPrivateKey(input).export({ type: 'pkcs8', format: 'der' });
    const older = key.form === 'traditional' ? traditional(der) : undefined;
    return ok(older ?? { label: 'PRIVATE KEY', der });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return fail(/UNSUPPORTED|UNKNOWN|FETCH|INITIALIZATION/.test(code) ? 'cipher' : 'password');
  }
}

/** Ten times what careful people choose. OpenSSL would count to two thousand million, and nothing could end it. */
const mostIterations = 10_000_000;

/** Whether every number in the parameters of the encryption is one that can be counted to. */
function isSoonDone(der: Uint8Array): boolean {
  const checked = checkDer(der);
  if ('problem' in checked) return false;
  const [algorithm] = childrenOf(der, checked.top);
  const isSmall = (element: DerElement): boolean => {
    if (element.tag !== tags.integer) return childrenOf(der, element).every(isSmall);
    const number = smallInteger(der, element);
    return number !== undefined && number <= mostIterations;
  };
  return algorithm !== undefined && isSmall(algorithm);
}
