import { holdsPrivateKey } from '../pki/private-key.ts';
import { type Entry, kindOf } from './format.ts';

/** Whether an image with this entry is for its owner alone: it is a private key, or stands where one is looked for. */
export const isSecretEntry = ({ kind, bytes, storedAs }: Entry): boolean =>
  kind === 'key' || kindOf(storedAs?.namespace ?? '') === 'key' || holdsPrivateKey(bytes);
