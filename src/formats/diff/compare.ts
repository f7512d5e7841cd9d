import { equalBytes, hex } from '../../core/bytes.ts';
import { append } from '../../core/lists.ts';
import { count } from '../../core/text.ts';
import type { ImageNode } from '../image-node.ts';
import type { Detail, Difference } from './difference.ts';
import { type Described, describedIn } from './fields.ts';

/** What differs between two files, in the order of the first; what only the second has comes last. */
export function compare(a: readonly ImageNode[], b: readonly ImageNode[]): Difference[] {
  const [left, right] = [byLabel(a), byLabel(b)];
  const differences: Difference[] = [];
  for (const [label, node] of left) {
    const other = right.get(label);
    if (other === undefined) differences.push({ change: 'removed', node, details: [] });
    else {
      const details = detailsOf(node, other);
      if (details.length > 0) differences.push({ change: 'changed', node, details });
    }
  }
  for (const [label, node] of right) if (!left.has(label)) differences.push({ change: 'added', node, details: [] });
  return differences;
}

/** A name that stands more than once is numbered: each with its like. */
function byLabel(nodes: readonly ImageNode[]): Map<string, ImageNode> {
  const result = new Map<string, ImageNode>();
  const times = new Map<string, number>();
  for (const node of nodes) {
    const number = (times.get(node.label) ?? 0) + 1;
    times.set(node.label, number);
    const label = number === 1 ? node.label : `${node.label} #${number}`;
    result.set(label, number === 1 ? node : { ...node, label, name: { ...node.name, number } });
  }
  return result;
}

function detailsOf(a: ImageNode, b: ImageNode): Detail[] {
  const type = a.type === b.type ? [] : [{ what: 'type', a: a.type, b: b.type }];
  if (isSame(a.value, b.value)) return type;
  if (a.value instanceof Uint8Array && b.value instanceof Uint8Array) {
    return [...type, ...bytesDetails(a.value, b.value, a.secret || b.secret)];
  }
  if (a.secret || b.secret) return [...type, { what: secretDiffers }];
  return [...type, { what: 'value', a: valueText(a.value), b: valueText(b.value) }];
}

function isSame(a: ImageNode['value'], b: ImageNode['value']): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b;
}

/** Said without either value. */
const secretDiffers = 'the secret value differs';

const longest = 100;

/** A value that may be shown, bytes as what they are. */
export function valueText(value: ImageNode['value']): string {
  if (value instanceof Uint8Array)
    return [count(value.length, 'byte'), ...describedIn(value).map(({ text }) => text)].join(', ');
  if (typeof value !== 'string') return String(value ?? '');
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}

function bytesDetails(a: Uint8Array, b: Uint8Array, isSecret: boolean): Detail[] {
  const [left, right] = [describedIn(a), describedIn(b)];
  const size = { what: 'length', a: count(a.length, 'byte'), b: count(b.length, 'byte') };
  if (left.length === 0 && right.length === 0) {
    const sizes = a.length === b.length ? [] : [size];
    // The offset at which two secrets part is nobody's business.
    return isSecret && sizes.length > 0
      ? sizes
      : [...sizes, { what: isSecret ? secretDiffers : firstDifference(a, b) }];
  }
  const details: Detail[] = [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const number = left.length > 1 || right.length > 1 ? `${index + 1}. ` : '';
    append(
      details,
      describedDetails(left[index], right[index]).map((detail) => ({ ...detail, what: `${number}${detail.what}` })),
    );
  }
  if (details.length > 0) return details;
  return [{ what: 'written differently, the content is the same', a: size.a, b: size.b }];
}

function describedDetails(a: Described | undefined, b: Described | undefined): Detail[] {
  if (a === undefined || b === undefined || a.what !== b.what) {
    return [{ what: 'content', a: a?.text, b: b?.text }];
  }
  const details: Detail[] = [];
  for (const [what, field] of a.fields) {
    const other = b.fields.get(what);
    if (other !== field) details.push({ what, a: field, b: other });
  }
  // The hash of the whole says something only where nothing else does.
  return details.length > 1 ? details.filter(({ what }) => what !== 'SHA-256') : details;
}

function firstDifference(a: Uint8Array, b: Uint8Array): string {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return `bytes, from ${hex(at)} on`;
}
