import { createPrivateKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import { fail, ok, type Result } from '../core/result.ts';

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
  const input: PrivateKeyInput =
    key.form === 'PKCS #8'
      ? { key: Buffer.from(key.der), format: 'der', type: 'pkcs8', passphrase }
      : { key: key.text, format: 'pem', passphrase };
  try {
    return ok(written(createPrivateKey(input), key.form === 'PKCS #8' ? 'PRIVATE KEY' : key.label));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return fail(/UNSUPPORTED|UNKNOWN|FETCH|INITIALIZATION/.test(code) ? 'cipher' : 'password');
  }
}

function written(key: KeyObject, label: string): OpenedKey {
  if (label === 'RSA PRIVATE KEY') return { label, der: key.export({ type: 'pkcs1', format: 'der' }) };
  if (label === 'EC PRIVATE KEY') return { label, der: key.export({ type: 'sec1', format: 'der' }) };
  return { label: 'PRIVATE KEY', der: key.export({ type: 'pkcs8', format: 'der' }) };
}
