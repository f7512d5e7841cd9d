import { grouped, sizeText } from '../core/text.ts';
import { mostBytes } from '../formats/identify.ts';
import type { PkiObject } from '../pki/object.ts';
import { wrappingOf } from '../pki/wrapping.ts';
import { defineCheck, type Finding } from './check.ts';
import { keyIn, type Slot } from './context.ts';
import { isLeftOut } from './refusals.ts';

/** A file that is damaged, or nothing that could be a certificate or key. */
export const unparsable = defineCheck({
  code: 'unparsable',
  severity: 'error',
  summary: 'A certificate or key is damaged, or a file is neither.',
  explain: async () => ({
    meaning: 'The firmware cannot read it either and answers ERROR, usually without a reason.',
    cause: 'The file was cut off, pasted incompletely, or changed by a program that took it for text.',
    remedy: 'Export the file again from where it came from, and check it: `at-pki inspect FILE`.',
    source: 'RFC 5280, RFC 5915, RFC 5958; mbedTLS, x509_crt.c and pkparse.c.',
  }),
  run: (context) =>
    context.slots.flatMap((slot): Finding[] => {
      const { what, objects } = slot.identified;
      if (what === 'oversize') {
        const message = `${slot.name} has ${grouped(slot.bytes.length)} bytes, more than any flash holds (${sizeText(mostBytes)})`;
        return [{ slot, hint: 'see whether the right file is named', message }];
      }
      // Of several keys the device takes one.
      const damaged = objects.filter(
        (object) =>
          object.problem !== undefined &&
          (slot.kind === 'key' ? object === keyIn(slot) : object.type === 'certificate'),
      );
      const isNothing = what === 'text' || what === 'data' || what === 'unknown';
      const wrapping = isNothing || damaged.length === objects.length ? wrappingOf(slot.bytes) : undefined;
      if (wrapping !== undefined) {
        const { message, hint, line } = wrapping;
        return [
          {
            slot,
            object: { type: 'unknown', offset: 0, line, problem: message },
            hint,
            message: `${slot.name} ${message}`,
            deviceCodes: codesOf(slot),
          },
        ];
      }
      if (what === 'text' || what === 'data') {
        const message = `${slot.name} is neither PEM nor DER, but ${what === 'text' ? 'other text' : 'unknown data'}`;
        return [
          {
            slot,
            hint: `put the ${slot.kind === 'key' ? 'private key' : 'certificate'} here: at-pki inspect FILE shows what a file holds`,
            message,
            deviceCodes: codesOf(slot),
          },
        ];
      }
      return damaged.map((object) => {
        const isOut = isLeftOut(slot, object, context);
        const rest = isOut ? '; the device leaves it out, and uses the others' : '';
        const message = `${slot.name} cannot be read: ${object.problem}${rest}`;
        const severity = isOut ? ('warning' as const) : undefined;
        const hint = isOut ? 'remove that block from the file' : remedyOf(object);
        return { slot, object, severity, hint, message, deviceCodes: codesOf(slot) };
      });
    }),
});

const codesOf = ({ kind }: Slot): string[] => (kind === 'key' ? ['-0x3d00'] : ['-0x2180', '-0x2780']);

/** Returns the hint for a damaged block, or for one with the wrong label. */
function remedyOf({ label, problem = '' }: PkiObject): string {
  const [, rightLabel] = /; its label would be ([A-Z0-9 ]+)$/.exec(problem) ?? [];
  if (label !== undefined && rightLabel !== undefined) {
    return `give it its own label: sed 's/-----\\(BEGIN\\|END\\) ${label}-----/-----\\1 ${rightLabel}-----/' FILE > NEW`;
  }
  if (problem.startsWith('its numbers do not belong')) return 'generate a new key, and request a certificate for it';
  return 'export it again: this file is damaged';
}
