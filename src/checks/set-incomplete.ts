import { count } from '../core/text.ts';
import { slotsOf } from '../firmware/slots.ts';
import { formats } from '../formats/index.ts';
import { defineCheck, type Finding, placeOf } from './check.ts';
import { type CheckContext, type SlotKind, slotName, slotsOfKind } from './context.ts';

/** Sets that the firmware cannot use: another number of keys than of certificates, a hole, too many files for one slot. */
export const setIncomplete = defineCheck({
  code: 'set-incomplete',
  severity: 'error',
  summary: 'A set has a gap, more keys or certificates than the other, or too many files.',
  explain: async () => ({
    meaning: 'Certificates and keys are used in pairs, by their index from 0: one without the other cannot be used.',
    cause: 'A file was forgotten, deleted or misnamed, or a copy was left in the folder.',
    remedy:
      'Have as many keys as certificates, numbered without a gap, and one file where the firmware takes one. A chain is one file: `"normalize": { "chain": "sorted" }`.',
    source: 'ESP-AT, AT+CIPSSLCCONF: pki_number and ca_number.',
  }),
  run: (context) => {
    const sets = [...new Set(context.named.flatMap((name) => /^(.+)_(?:ca|cert|key)$/.exec(name)?.[1] ?? []))];
    const named = new Set(context.named);
    return sets.flatMap((set) => [
      ...unpaired(set, named, context),
      ...(['ca', 'cert', 'key'] as const).flatMap((kind) => [
        ...holes(set, kind, context),
        ...tooMany(set, kind, context),
      ]),
    ]);
  },
});

/** Only where both are named: certificates and keys may come onto the device by different ways. */
function unpaired(set: string, named: ReadonlySet<string>, context: CheckContext): Finding[] {
  const names = [slotName({ set, kind: 'cert' }), slotName({ set, kind: 'key' })];
  if (!names.every((name) => named.has(name))) return [];
  const certificates = slotsOfKind({ set, kind: 'cert' }, context);
  const keys = slotsOfKind({ set, kind: 'key' }, context);
  if (certificates.length === keys.length) return [];
  const [more, fewer] = certificates.length > keys.length ? [certificates, keys] : [keys, certificates];
  const single = more[fewer.length];
  const message = `the set ${set} has ${count(certificates.length, 'certificate')} and ${count(keys.length, 'key')}: they are used in pairs`;
  const missing = more === certificates ? 'key' : 'certificate';
  const hint = single && `add the ${missing} of ${single.name}, or take it out`;
  return [{ slot: single, message, hint }];
}

/** Files are looked up by their index, from 0 on; what stands behind a hole is not found. */
function holes(set: string, kind: SlotKind, context: CheckContext): Finding[] {
  const files = slotsOfKind({ set, kind }, context);
  const indexes = new Set(files.map(({ index }) => index));
  const missing = Array.from({ length: files.length }, (_, index) => index).find((index) => !indexes.has(index));
  const behind = files.find(({ index }) => missing !== undefined && index > missing);
  if (missing === undefined || behind === undefined) return [];
  const message = `${slotName({ set, kind })} has no file ${missing}, and the firmware looks no further: ${behind.name} is never found`;
  return [{ slot: behind, hint: `number them from 0 without a gap`, message }];
}

/** In NVS images, where a file needs a key of its own, packing says it. */
function tooMany(set: string, kind: SlotKind, context: CheckContext): Finding[] {
  const files = slotsOfKind({ set, kind }, context);
  const second = files[1];
  if (formats[context.target.format].keysFiles || slotsOf(`${set}_`) !== 'single' || second === undefined) return [];
  const name = slotName({ set, kind });
  const message = `${name} has ${count(files.length, 'file')}, and the firmware uses only the first: not ${second.name}`;
  const hint = 'keep one of them; to send a chain, put its certificates into one file';
  const related = [{ message: 'the first one', place: placeOf(files[0] ?? second) }];
  return [{ slot: second, message, hint, related }];
}
