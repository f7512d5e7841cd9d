import { kindOf } from '../formats/format.ts';
import type { NvsContent, NvsEntry } from '../formats/nvs/model.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';

/** The bytes of a string (without its NUL) or blob; none for an integer. */
export function bytesOf({ type, value }: NvsEntry): Uint8Array | undefined {
  if (type === 'blob') return value;
  if (type !== 'string') return undefined;
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}

/** Whether an entry's value must not be shown: it is a private key, or stands where the firmware looks for one. */
export function isSecret(entry: NvsEntry): boolean {
  const bytes = bytesOf(entry);
  if (bytes === undefined) return false;
  return kindOf(entry.namespace) === 'key' || holdsPrivateKey(bytes) || holdsPrivateKey(fromBase64(bytes));
}

export const holdsSecret = ({ entries }: NvsContent): boolean => entries.some(isSecret);

/** A DER key is often kept as base64, without the BEGIN and END lines of PEM. */
function fromBase64(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return /^[A-Za-z0-9+/=\s]{64,}\0?$/.test(text) ? Buffer.from(text, 'base64') : new Uint8Array();
}
