import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { at, type Check } from './context.ts';

const othersMayRead = 0o077;

/** A private key that others on this machine can read. Off unless asked for: checkouts come with open modes. */
export const fileMode: Check = ({ slots }) =>
  slots
    .filter(({ kind, mode }) => kind === 'key' && mode !== undefined && (mode & othersMayRead) !== 0)
    .map((slot) => {
      const message = `${slot.name} can be read by others (mode 0${((slot.mode ?? 0) & 0o777).toString(8)})`;
      return diagnostic('file-mode', message, { ...at(slot), hint: 'chmod 600' });
    });
