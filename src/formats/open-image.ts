import { hex } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count, grouped, printable } from '../core/text.ts';
import { describe } from '../pki/describe.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import type { DecodedItem, Format } from './format.ts';
import type { ImageNode } from './image-node.ts';
import { formats } from './index.ts';
import type { Input } from './input.ts';
import type { OpenedImage, OpenRequest } from './opened-image.ts';
import { unpackItems } from './unpack-items.ts';

/** Returns the format of an image, or of the first image in something larger; undefined where there is none. */
export function formatIn(bytes: Uint8Array): Format | undefined {
  const all = Object.values(formats);
  return (
    all.find((format) => (format.find?.(bytes) ?? []).length > 0) ?? all.find((format) => format.recognises(bytes))
  );
}

/** Opens an image in its format; a dump of a partition, with erased flash behind the image, too. */
export async function openImage(
  format: Format,
  input: Input,
  request: OpenRequest,
): Promise<Result<OpenedImage, Diagnostic>> {
  return (await format.open?.(input, request)) ?? openItems(format, input);
}

/** Returns the names of the formats that bytes can be recognised as. */
export const recognisedFormats = (): string[] =>
  Object.values(formats).flatMap(({ name, isAnyFile }) => (isAnyFile ? [] : [name]));

/** Returns the error for an image of no known format. */
export function unknownImage({ name, bytes, place }: Input): Diagnostic {
  return diagnostic('image-unknown', `${printable(name)} ${whyUnknown(bytes)}`, { place });
}

function whyUnknown(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  if (bytes.every((byte) => byte === 0xff)) return 'is erased flash (FF from start to end): nothing was written there';
  return `is not an image known here (${recognisedFormats().join(', ')})`;
}

/** A list of items, as most formats are. */
function openItems(format: Format, { name, bytes, place }: Input): Result<OpenedImage, Diagnostic> {
  const decoded = format.decode(withoutErasedTail(bytes, format));
  if (!decoded.ok) {
    const { offset, message } = decoded.error;
    return fail(diagnostic('image-broken', `${printable(name)}: ${message} (at offset ${hex(offset)})`, { place }));
  }
  const items = decoded.value;
  const size = bytes.length;
  return ok({
    nodes: items.map(nodeOf),
    diagnostics: [],
    summary: `${format.name}, ${count(items.length, 'item')}, ${grouped(size)} bytes`,
    lines: (shown) =>
      items.flatMap(({ kind, id, offset, length, bytes: content }) => [
        `  ${kind}.${id}  at ${hex(offset)}, ${count(length, 'byte')}`,
        ...shown.lines(describe(content)).map((line) => `      ${line}`),
      ]),
    fields: (shown) => ({
      size,
      items: items.map(({ kind, id, offset, length, bytes: content }) => ({
        ...{ type: kind, id, offset, length },
        contents: shown.fields(describe(content)),
      })),
    }),
    unpack: () => unpackItems(items),
  });
}

const nodeOf = ({ kind, id, bytes }: DecodedItem): ImageNode => ({
  name: { type: kind, id },
  label: `${kind}.${id}`,
  type: kind,
  value: bytes,
  secret: kind === 'key' || holdsPrivateKey(bytes),
});

function withoutErasedTail(bytes: Uint8Array, format: Format): Uint8Array {
  const end = format.extent?.(bytes);
  if (end === undefined || end >= bytes.length) return bytes;
  return bytes.subarray(end).every((byte) => byte === 0xff) ? bytes.subarray(0, end) : bytes;
}
