import { holdsPrivateKey } from '../pki/private-key.ts';
import { type Entry, kindOf } from './format.ts';

/** Returns true if an image with this entry needs mode 0600: it is a private key, or is stored as one. */
export const isSecretEntry = ({ kind, bytes, storedAs }: Entry): boolean =>
  kind === 'key' || kindOf(storedAs?.namespace ?? '') === 'key' || holdsPrivateKey(bytes);
