import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { at, type Check } from './context.ts';

/** A file with nothing in it, or nothing but white space. */
export const emptyFile: Check = ({ slots }) =>
  slots
    .filter(({ identified }) => identified.what === 'empty')
    .map((slot) => {
      const message = `${slot.name} is empty${slot.bytes.length > 0 ? ': it holds nothing but white space' : ''}`;
      return diagnostic('empty-file', message, { ...at(slot), hint: 'fill the file or remove it' });
    });
