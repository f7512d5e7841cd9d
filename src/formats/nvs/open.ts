import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { append } from '../../core/lists.ts';
import { ok, type Result } from '../../core/result.ts';
import { count, grouped, printable } from '../../core/text.ts';
import { isKnown, secretContents } from '../../pki/contents.ts';
import { type Description, describe } from '../../pki/describe.ts';
import type { ImageNode } from '../image-node.ts';
import type { Input } from '../input.ts';
import type { OpenedImage, OpenRequest, ShownContents } from '../opened-image.ts';
import { bytesOf, lengthOf } from './content.ts';
import type { NvsDecoded } from './decode.ts';
import type { NvsEntry } from './model.ts';
import { nvsIn } from './read.ts';
import { isSecret } from './secret.ts';
import { pageFields, pageLines, slotTotals, summaryText } from './survey.ts';
import { unpack } from './unpack.ts';

/** Opens the NVS image in what was read. */
export function openNvs(input: Input, request: OpenRequest): Result<OpenedImage, Diagnostic> {
  const read = nvsIn(request.cwd, request, input);
  if (!read.ok) return read;
  const { decoded, range, diagnostics } = read.value;
  return ok({
    nodes: nodesOf(decoded),
    diagnostics,
    summary: `NVS, ${grouped(range.size)} bytes, ${summaryText(decoded)}`,
    lines: (shown) => linesOf(decoded, shown),
    fields: (shown) => ({ ...range, ...fieldsOf(decoded, shown) }),
    unpack: () => unpack(decoded),
  });
}

/** Entries by namespace and key, wherever they lie in the pages. */
function nodesOf({ namespaces, entries }: NvsDecoded): ImageNode[] {
  const heads = namespaces.map(
    (namespace): ImageNode => ({ name: { namespace }, label: namespace, type: 'namespace', secret: false }),
  );
  return [...heads, ...entries.map(nodeOf)];
}

function nodeOf(entry: NvsEntry): ImageNode {
  const { namespace, key, type, value } = entry;
  const isText = type === 'string' && typeof value === 'string';
  // A certificate may be kept as a string, too.
  const bytes = isText && value.includes('-----BEGIN ') ? new TextEncoder().encode(value) : value;
  return {
    name: { namespace, key },
    label: `${namespace}/${key}`,
    type,
    value: typeof bytes === 'number' ? BigInt(bytes) : bytes,
    secret: isSecret(entry),
  };
}

/** Describes the value of an entry; an empty list where it is only bytes or text. */
function contentsOf(entry: NvsEntry): readonly Description[] {
  const bytes = bytesOf(entry) ?? new Uint8Array();
  const contents = isSecret(entry) ? secretContents(bytes) : describe(bytes);
  return isKnown(contents) ? contents : [];
}

function linesOf(decoded: NvsDecoded, shown: ShownContents): string[] {
  const lines: string[] = [];
  for (const namespace of decoded.namespaces) {
    lines.push(`  ${printable(namespace)}`);
    for (const entry of entriesIn(decoded, namespace)) {
      lines.push(`    ${printable(entry.key)}  ${entry.type}, ${count(lengthOf(entry), 'byte')}`);
      append(
        lines,
        shown.lines(contentsOf(entry)).map((line) => `      ${printable(line)}`),
      );
    }
  }
  return [...lines, ...pageLines(decoded)];
}

function fieldsOf(decoded: NvsDecoded, shown: ShownContents): Record<string, unknown> {
  const namespaces = decoded.namespaces.map((name) => ({
    name,
    entries: entriesIn(decoded, name).map((entry) => {
      const contents = contentsOf(entry);
      const known = contents.length > 0 ? shown.fields(contents) : undefined;
      return { key: entry.key, type: entry.type, length: lengthOf(entry), contents: known };
    }),
  }));
  return { slots: slotTotals(decoded), namespaces, pages: pageFields(decoded) };
}

const entriesIn = ({ entries }: NvsDecoded, name: string): NvsEntry[] =>
  entries.filter(({ namespace }) => namespace === name);
