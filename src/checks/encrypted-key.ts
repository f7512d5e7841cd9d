import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { at, type Check, keyIn } from './context.ts';

/** The firmware passes no password to mbedTLS, in any release. */
export const encryptedKey: Check = ({ slots }) =>
  slots.flatMap((slot) => {
    const key = keyIn(slot);
    if (!key?.encrypted || key.problem !== undefined) return [];
    const message = `${slot.name} is encrypted, and the device has no password for it`;
    const hint = 'store it decrypted: openssl pkey -in FILE -out NEW; protect the device by flash encryption';
    return [diagnostic('encrypted-key', message, { ...at(slot, key), hint })];
  });
