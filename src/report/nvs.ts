import { Disclosed } from '../core/door.ts';
import { count, inColumns, printable } from '../core/text.ts';
import { bytesOf, lengthOf } from '../formats/nvs/content.ts';
import type { NvsDecoded } from '../formats/nvs/decode.ts';
import type { NvsEntry } from '../formats/nvs/model.ts';
import { isSecret } from '../formats/nvs/secret.ts';
import { contentText, isKnown, secretContents } from '../pki/contents.ts';
import { describe } from '../pki/describe.ts';

/**
 * An entry as `nvs dump --json` gives it. A private key has `"redacted": true` and no value unless `reveal`. Blobs are
 * base64, and so are strings that are no UTF-8 (`"encoding": "base64"`); integers beyond 2^53 are decimal strings.
 */
export function entryFields(entry: NvsEntry, reveal: boolean): Record<string, unknown> {
  const { namespace, key, type } = entry;
  const length = lengthOf(entry);
  if (!reveal && isSecret(entry)) return { namespace, key, type, length, redacted: true };
  return { namespace, key, type, length: bytesOf(entry) ? length : undefined, ...valueFields(entry) };
}

function valueFields({ type, value }: NvsEntry): Record<string, unknown> {
  if (typeof value === 'bigint') {
    const isExact = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
    return { value: isExact ? Number(value) : String(value) };
  }
  // Not a key, as isSecret found, and no report to be read: programs take it as it is.
  if (!(value instanceof Uint8Array)) return { value: new Disclosed(value) };
  const text = Buffer.from(value).toString('base64');
  const shown = new Disclosed(text);
  return type === 'string' ? { value: shown, encoding: 'base64' } : { value: shown };
}

/** Characters of a string, or twice the bytes of a blob, that are shown of a value. */
const shortText = 48;

/** What an entry holds in a few words, for people. */
function valueText(entry: NvsEntry, reveal: boolean): string {
  const bytes = bytesOf(entry);
  if (bytes === undefined) return String(entry.value);
  const size = count(bytes.length, 'byte');
  if (!reveal && isSecret(entry)) return `${secretContents(bytes).map(contentText).join('; ')} (${size}), redacted`;
  const contents = describe(bytes);
  if (!reveal && isKnown(contents)) return `${contents.map(contentText).join('; ')} (${size})`;
  if (typeof entry.value === 'string') return `${shortened(JSON.stringify(entry.value))} (${size})`;
  return bytes.length === 0 ? size : `${shortened(Buffer.from(bytes).toString('hex'))} (${size})`;
}

const shortened = (text: string): string => (text.length > shortText ? `${text.slice(0, shortText)}…` : text);

/** Entries below the names of their namespaces, in two columns and the rest. */
export function dumpLines({ namespaces, entries }: NvsDecoded, reveal: boolean): string[] {
  return namespaces.flatMap((namespace) => {
    const own = entries.filter((entry) => entry.namespace === namespace);
    const rows = own.map((entry) => [printable(entry.key), entry.type, printable(valueText(entry, reveal))]);
    const lines = inColumns(rows).map((line) => `  ${line}`);
    return [printable(namespace), ...(lines.length > 0 ? lines : ['  (no keys)'])];
  });
}
