import { grouped, sizeText } from '../core/text.ts';
import { mostBytes } from '../formats/identify.ts';
import { defineCheck } from './check.ts';
import type { Slot } from './context.ts';
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
    context.slots.flatMap((slot) => {
      const { what, objects } = slot.identified;
      if (what === 'oversize') {
        const message = `${slot.name} has ${grouped(slot.bytes.length)} bytes, more than any flash holds (${sizeText(mostBytes)})`;
        return [{ slot, hint: 'see whether the right file is named', message }];
      }
      if (what === 'text' || what === 'data') {
        const message = `${slot.name} is neither PEM nor DER, but ${what === 'text' ? 'other text' : 'unknown data'}`;
        return [{ slot, hint: 'get the file anew: this one is something else', message }];
      }
      return objects
        .filter((object) => object.problem !== undefined && object.type === wantedType(slot))
        .map((object) => {
          const isOut = isLeftOut(slot, object, context);
          const rest = isOut ? '; the device leaves it out, and uses the others' : '';
          const message = `${slot.name} cannot be read: ${object.problem}${rest}`;
          const severity = isOut ? ('warning' as const) : undefined;
          const hint = isOut ? 'leave that block out of the file' : 'get the file anew: this one is damaged';
          return { slot, object, severity, hint, message };
        });
    }),
});

const wantedType = ({ kind }: Slot): string => (kind === 'key' ? 'private key' : 'certificate');
