import { holdsPrivateKey } from '../formats/identify.ts';
import { defineCheck } from './check.ts';
import type { Slot } from './context.ts';

/** A private key where only public things belong: it would be handed out with the certificates. */
export const privateKeyExposed = defineCheck({
  code: 'private-key-exposed',
  severity: 'error',
  summary: 'A private key is in a slot for certificates.',
  explain: async () => ({
    meaning:
      'The key would be stored and copied as if it were public, and the device may send it. Anyone who has it can impersonate the device.',
    cause: 'Certificate and key are in one file, or the key was put into the folder of the certificates.',
    remedy: 'Keep only certificates there. If the file was ever given away, replace key and certificate.',
    source: 'RFC 5280, section 1: certificates are public, keys are not.',
  }),
  run: ({ slots }) =>
    slots.filter(exposesKey).map((slot) => {
      const key = slot.identified.objects.find(({ type }) => type === 'private key');
      const also = slot.identified.what === 'mixed' ? 'also holds' : 'is';
      const hint =
        slot.identified.what === 'mixed'
          ? 'leave the certificates in it and move the key into a file of its own'
          : 'put the certificate here; if this file was ever given away, replace the key';
      const message = `${slot.name} ${also} a private key, and ${slot.partition} is for certificates`;
      return { slot, object: key, message, hint };
    }),
});

export const exposesKey = ({ kind, identified }: Slot): boolean => kind !== 'key' && holdsPrivateKey(identified);
