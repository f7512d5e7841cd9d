import type { ObjectFault, PkiObject } from '../pki/object.ts';
import { defineCheck } from './check.ts';
import { keyIn, type Slot } from './context.ts';
import { canonicalPem, isLeftOut } from './refusals.ts';

const explained: Readonly<Record<ObjectFault, string>> = {
  'utf-16': 'is written in UTF-16',
  'bare-base64': 'has no BEGIN and END lines',
  'one-line': 'is on one line',
  'cr-only': 'ends its lines by CR alone',
  indented: 'is indented',
  spaces: 'has spaces within its lines',
  escaped: 'has its line ends written as \\n, two characters',
  headers: 'has header lines in its block',
  label: 'is labelled in a way that the device does not look for',
  nul: 'has a zero byte before its end',
  'early-end': 'has its END line in the text before the block, too',
  swallowed: 'follows a BEGIN line without an END line, which includes it',
};

/** Remedies other than to rewrite the blocks. */
const remedies: Readonly<Partial<Record<ObjectFault, string>>> = {
  'utf-16':
    'save it as UTF-8 (PowerShell 5 writes UTF-16 by > redirection), or rewrite it in the build: "normalize": { "pem": "canonical" } in the config',
  'early-end': 'remove that text in the build: "normalize": { "preamble": "strip" } in the config',
};

/** PEM that people and OpenSSL read, and the reader of the firmware (mbedTLS) does not. */
export const unreadableForm = defineCheck({
  code: 'unreadable-form',
  severity: 'error',
  summary: 'A PEM file is laid out in a way that the device cannot read.',
  explain: async () => ({
    meaning:
      'The PEM reader of the firmware (mbedTLS) is stricter than OpenSSL: it finds no certificate at all (-0x1080).',
    cause: 'The text was copied out of JSON, YAML or a terminal, or written by PowerShell, which uses UTF-16.',
    remedy:
      'Let the build rewrite it: `"normalize": { "pem": "canonical" }` in the config. UTF-16 has to be saved as UTF-8 or ASCII.',
    source: 'mbedTLS, library/pem.c; RFC 7468.',
  }),
  run: (context) =>
    context.slots.flatMap((slot) =>
      faultyIn(slot).map((object) => {
        const label = object.label === undefined || object.fault !== 'label' ? '' : ` (${object.label})`;
        const name =
          slot.identified.objects.length > 1 && object.line
            ? `${slot.name}, the block in line ${object.line},`
            : slot.name;
        const isOut = isLeftOut(slot, object, context);
        const rest = isOut ? 'the device leaves it out, and uses the others' : 'the device cannot read that';
        const message = `${name} ${explained[object.fault]}${label}: ${rest}`;
        const severity = isOut ? ('warning' as const) : undefined;
        return {
          slot,
          object,
          message,
          severity,
          hint: remedies[object.fault] ?? canonicalPem,
          deviceCodes: ['-0x1080'],
        };
      }),
    ),
});

/** Of certificates each that is laid out so; of keys the one that the device takes. */
function faultyIn(slot: Slot): (PkiObject & { readonly fault: ObjectFault })[] {
  // Of a block without its END line, which takes in the next, `unparsable` tells; and of what is no file of PEM at all.
  if (slot.identified.what === 'data') return [];
  const faulty = slot.identified.objects.flatMap((object) =>
    isConcerned(slot, object) && object.fault !== 'swallowed' ? [object] : [],
  );
  // Behind an END line too early none is read: that is said once.
  const over = faulty.findIndex(({ fault }) => fault === 'early-end');
  if (slot.kind === 'key') return faulty.filter((object) => object === keyIn(slot));
  return over < 0 ? faulty : faulty.slice(0, over + 1);
}

const isConcerned = (slot: Slot, object: PkiObject): object is PkiObject & { readonly fault: ObjectFault } => {
  const { type, fault, problem, encrypted } = object;
  return (
    fault !== undefined &&
    problem === undefined &&
    !encrypted &&
    type === (slot.kind === 'key' ? 'private key' : 'certificate')
  );
};
