import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { holdsPrivateKey } from '../formats/identify.ts';
import { at, type Check, type Slot } from './context.ts';

/** A private key where only public things belong: it would be handed out with the certificates. */
export const privateKeyExposed: Check = ({ slots }) =>
  slots.filter(exposesKey).map((slot) => {
    const key = slot.identified.objects.find(({ type }) => type === 'private key');
    const also = slot.identified.what === 'mixed' ? 'also holds' : 'is';
    const hint =
      slot.identified.what === 'mixed'
        ? 'leave the certificates in it and move the key into a file of its own'
        : 'put the certificate here; if this file was ever given away, replace the key';
    const message = `${slot.name} ${also} a private key, and ${slot.partition} is for certificates`;
    return diagnostic('private-key-exposed', message, { ...at(slot, key), hint });
  });

export const exposesKey = ({ kind, identified }: Slot): boolean => kind !== 'key' && holdsPrivateKey(identified);
