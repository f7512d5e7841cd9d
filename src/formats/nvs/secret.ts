import { holdsPrivateKey } from '../../pki/private-key.ts';
import { kindOf } from '../format.ts';
import { bytesOf } from './content.ts';
import type { NvsContent, NvsEntry } from './model.ts';

/** Whether an entry's value must not be shown: it is a private key, or stands where the firmware looks for one. */
export function isSecret(entry: NvsEntry): boolean {
  const bytes = bytesOf(entry);
  if (bytes === undefined) return false;
  return kindOf(entry.namespace) === 'key' || holdsPrivateKey(bytes);
}

export const holdsSecret = ({ entries }: NvsContent): boolean => entries.some(isSecret);
