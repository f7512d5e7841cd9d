import { defineCheck, placeOf } from './check.ts';
import { keyIn, type Slot } from './context.ts';

/**
 * One private key at two places of a set: mostly a file copied to the wrong one. In different sets the same key is one
 * identity, used for MQTT and HTTPS alike, and nothing to speak of.
 */
export const sameKeyTwice = defineCheck({
  code: 'same-key-twice',
  severity: 'warning',
  summary: 'One private key is at two places of a set.',
  explain: async () => ({
    meaning: 'Two places that are meant to differ are one identity.',
    cause: 'A file was copied to try something out, and stayed.',
    remedy:
      'Give each place the key of its own certificate. If it is intended: `"checks": { "same-key-twice": "off" }`.',
    source: 'ESP-AT, AT+CIPSSLCCONF: pki_number chooses one pair.',
  }),
  run: ({ slots }) => {
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
      const related = [{ message: 'the first one', place: placeOf(first, keyIn(first)) }];
      return [{ slot, object: keyIn(slot), message, hint, related }];
    });
  },
});
