import { equalBytes, hex } from '../../core/bytes.ts';
import { append } from '../../core/lists.ts';
import { count } from '../../core/text.ts';
import { type Thing, thingsIn } from './facts.ts';
import type { Detail, Difference, Part } from './part.ts';

/** What differs between two files, in the order of the first; what only the second has comes last. */
export function compare(a: readonly Part[], b: readonly Part[]): Difference[] {
  const [left, right] = [byLabel(a), byLabel(b)];
  const differences: Difference[] = [];
  for (const [label, part] of left) {
    const other = right.get(label);
    if (other === undefined) differences.push({ change: 'removed', part, details: [] });
    else {
      const details = detailsOf(part, other);
      if (details.length > 0) differences.push({ change: 'changed', part, details });
    }
  }
  for (const [label, part] of right) if (!left.has(label)) differences.push({ change: 'added', part, details: [] });
  return differences;
}

/** A name that stands more than once is numbered: each with its like. */
function byLabel(parts: readonly Part[]): Map<string, Part> {
  const result = new Map<string, Part>();
  const times = new Map<string, number>();
  for (const part of parts) {
    const number = (times.get(part.label) ?? 0) + 1;
    times.set(part.label, number);
    const label = number === 1 ? part.label : `${part.label} #${number}`;
    result.set(label, number === 1 ? part : { ...part, label, name: { ...part.name, number } });
  }
  return result;
}

function detailsOf(a: Part, b: Part): Detail[] {
  const type = a.type === b.type ? [] : [{ what: 'type', a: a.type, b: b.type }];
  if (isSame(a.value, b.value)) return type;
  if (a.value instanceof Uint8Array && b.value instanceof Uint8Array) {
    return [...type, ...bytesDetails(a.value, b.value, a.secret || b.secret)];
  }
  if (a.secret || b.secret) return [...type, { what: secretDiffers }];
  return [...type, { what: 'value', a: valueText(a.value), b: valueText(b.value) }];
}

function isSame(a: Part['value'], b: Part['value']): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b;
}

/** Said without either value. */
const secretDiffers = 'the secret value differs';

const longest = 100;

/** A value that may be shown, bytes as what they are. */
export function valueText(value: Part['value']): string {
  if (value instanceof Uint8Array)
    return [count(value.length, 'byte'), ...thingsIn(value).map(({ text }) => text)].join(', ');
  if (typeof value !== 'string') return String(value ?? '');
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}

function bytesDetails(a: Uint8Array, b: Uint8Array, isSecret: boolean): Detail[] {
  const [left, right] = [thingsIn(a), thingsIn(b)];
  const size = { what: 'length', a: count(a.length, 'byte'), b: count(b.length, 'byte') };
  if (left.length === 0 && right.length === 0) {
    const sizes = a.length === b.length ? [] : [size];
    // Where two secrets part is nobody's business.
    return isSecret && sizes.length > 0
      ? sizes
      : [...sizes, { what: isSecret ? secretDiffers : firstDifference(a, b) }];
  }
  const details: Detail[] = [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const number = left.length > 1 || right.length > 1 ? `${index + 1}. ` : '';
    append(
      details,
      thingDetails(left[index], right[index]).map((one) => ({ ...one, what: `${number}${one.what}` })),
    );
  }
  if (details.length > 0) return details;
  return [{ what: 'written differently, the content is the same', a: size.a, b: size.b }];
}

function thingDetails(a: Thing | undefined, b: Thing | undefined): Detail[] {
  if (a === undefined || b === undefined || a.what !== b.what) {
    return [{ what: 'content', a: a?.text, b: b?.text }];
  }
  const details: Detail[] = [];
  for (const [what, fact] of a.facts) {
    const other = b.facts.get(what);
    if (other !== fact) details.push({ what, a: fact, b: other });
  }
  // The hash of the whole says something only where nothing else does.
  return details.length > 1 ? details.filter(({ what }) => what !== 'SHA-256') : details;
}

function firstDifference(a: Uint8Array, b: Uint8Array): string {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return `bytes, from ${hex(at)} on`;
}
