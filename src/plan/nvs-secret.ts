import { type Entry, kindOf } from '../formats/format.ts';
import { entryWith } from '../formats/nvs/content.ts';
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
  return kindOf(entry.namespace) === 'key' || holdsPrivateKey(bytes);
}

/** The same of an entry of any image. */
export const isSecretEntry = ({ kind, bytes, nvs }: Entry): boolean =>
  kind === 'key' || (nvs === undefined ? holdsPrivateKey(bytes) : isSecret(entryWith(nvs, bytes)));

export const holdsSecret = ({ entries }: NvsContent): boolean => entries.some(isSecret);
