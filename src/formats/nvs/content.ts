import type { StoredAs } from '../format.ts';
import { integerBits, isBig, isInteger, type NvsEntry, type NvsName, type NvsType, type NvsValue } from './model.ts';
import { textOf } from './pages.ts';

/** Returns the content of a value: a string without its NUL, an integer as its digits. */
export function contentOf({ type, value }: NvsValue): Uint8Array {
  if (type === 'blob') return value;
  return typeof value === 'object' ? value : new TextEncoder().encode(String(value));
}

/** Returns the entry as a source of an image: its name, and its value as content. */
export const sourceOf = (entry: NvsEntry): StoredAs & { readonly bytes: Uint8Array } => ({
  namespace: entry.namespace,
  key: entry.key,
  type: entry.type,
  bytes: contentOf(entry),
});

/** Returns the entry that has this content: the inverse of `contentOf`. */
export const entryWith = (
  { namespace, key, type }: NvsName & { readonly type: NvsType },
  content: Uint8Array,
): NvsEntry => ({ namespace, key, ...valueWith(type, content) });

function valueWith(type: NvsType, content: Uint8Array): NvsValue {
  if (type === 'blob') return { type, value: content };
  const text = textOf(content);
  if (!isInteger(type)) return { type, value: text ?? content };
  return isBig(type) ? { type, value: BigInt(text ?? 0) } : { type, value: Number(text) };
}

/** The bytes of a string (without its NUL) or blob; none for an integer. */
export function bytesOf({ type, value }: NvsEntry): Uint8Array | undefined {
  if (type === 'blob') return value;
  if (type !== 'string') return undefined;
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}

/** Bytes of the value, without the NUL of a string. */
export const lengthOf = (entry: NvsEntry): number =>
  entry.type === 'string' || entry.type === 'blob' ? (bytesOf(entry)?.length ?? 0) : integerBits[entry.type] / 8;
