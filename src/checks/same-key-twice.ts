import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { at, type Check, keyIn, type Slot } from './context.ts';

/**
 * One private key at two places of a set: mostly a file copied to the wrong one. In different sets the same key is one
 * identity, used for MQTT and HTTPS alike, and nothing to speak of.
 */
export const sameKeyTwice: Check = ({ slots }) => {
  const seen = new Map<string, Slot>();
  return slots.flatMap((slot) => {
    const fingerprint = keyIn(slot)?.privateKey?.spkiSha256;
    if (!fingerprint) return [];
    const id = `${slot.set} ${fingerprint}`;
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, slot);
      return [];
    }
    const message = `${slot.name} is the same key as ${first.name}`;
    const hint = 'give each place the key of its own certificate';
    return [diagnostic('same-key-twice', message, { ...at(slot, keyIn(slot)), hint })];
  });
};
