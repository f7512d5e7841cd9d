import { holdsPrivateKey } from '../../pki/private-key.ts';
import { type Entry, kindOf } from '../format.ts';
import { bytesOf, entryWith } from './content.ts';
import type { NvsContent, NvsEntry } from './model.ts';

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
