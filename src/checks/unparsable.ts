import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { grouped, sizeText } from '../core/text.ts';
import { mostBytes } from '../formats/identify.ts';
import { at, type Check, type Slot } from './context.ts';

/** A file that is damaged, or nothing that could be a certificate or key. */
export const unparsable: Check = ({ slots }) =>
  slots.flatMap((slot) => {
    const { what, objects } = slot.identified;
    if (what === 'oversize') {
      const message = `${slot.name} has ${grouped(slot.bytes.length)} bytes, more than any flash holds (${sizeText(mostBytes)})`;
      return [diagnostic('unparsable', message, { ...at(slot), hint: 'see whether the right file is named' })];
    }
    if (what === 'text' || what === 'data') {
      const message = `${slot.name} is neither PEM nor DER, but ${what === 'text' ? 'other text' : 'unknown data'}`;
      return [
        diagnostic('unparsable', message, { ...at(slot), hint: 'get the file anew: this one is something else' }),
      ];
    }
    return objects
      .filter((object) => object.problem !== undefined && object.type === wantedType(slot))
      .map((object) => {
        const message = `${slot.name} cannot be read: ${object.problem}`;
        return diagnostic('unparsable', message, {
          ...at(slot, object),
          hint: 'get the file anew: this one is damaged',
        });
      });
  });

const wantedType = ({ kind }: Slot): string => (kind === 'key' ? 'private key' : 'certificate');
