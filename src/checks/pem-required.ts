import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { formats } from '../formats/index.ts';
import { at, type Check, type Slot } from './context.ts';

/**
 * DER where the firmware reads PEM alone: MQTT passes everything on as text, and since the firmware puts a NUL behind
 * each item, newer mbedTLS refuses keys in DER. In NVS images, DER is turned into PEM as it is packed.
 */
export const pemRequired: Check = ({ slots, target }) =>
  slots
    .filter((slot) => formats[target.format].addsNul && slot.identified.encoding === 'DER' && isConcerned(slot))
    .map((slot) => {
      const reason = slot.set === 'mqtt' ? 'MQTT reads only PEM' : 'newer firmware reads keys only as PEM';
      const type = slot.kind === 'key' ? 'pkey' : 'x509';
      const hint = `convert it: openssl ${type} -inform DER -in FILE -out FILE.pem`;
      return diagnostic('pem-required', `${slot.name} is DER; ${reason}`, { ...at(slot), hint });
    });

function isConcerned({ kind, set, identified: { objects } }: Slot): boolean {
  const [object] = objects;
  if (object === undefined || object.problem !== undefined || object.encrypted) return false;
  return kind === 'key' ? object.type === 'private key' : set === 'mqtt' && object.type === 'certificate';
}
