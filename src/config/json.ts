import { createScanner, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import type { JsonDialect } from './json-dialect.ts';
import { mistakesIn } from './json-mistakes.ts';
import { deepest, type ParsedText, restOfLine, secondProperty } from './parsed-text.ts';
import { placesIn, type Stretch, type Tree } from './source.ts';

/** Parses JSON or JSONC. All syntax errors and all properties that stand twice are reported, each at its place. */
export function parseJson(file: string, text: string, dialect: JsonDialect): ParsedText {
  // The parser knows no byte order mark; a blank keeps all positions.
  const content = text.replace(/^\uFEFF/, ' ');
  const place = placesIn(file, text);
  const { tooDeep, danglingCommas } = survey(content);
  if (tooDeep !== undefined) {
    const message = `brackets are nested more than ${deepest} deep`;
    const where = place({ offset: tooDeep, length: 1 });
    return { diagnostics: [diagnostic('config-syntax', message, { place: where })], misread: [] };
  }
  const errors: ParseError[] = [];
  const { comments } = dialect;
  const options = { disallowComments: !comments, allowTrailingComma: comments, allowEmptyContent: false };
  const root = parseTree(content, errors, options);
  const diagnostics: Diagnostic[] = [];
  const misread: Place[] = [];
  for (const { message, hint, confusing, ...stretch } of mistakesIn(content, errors, danglingCommas, dialect)) {
    const where = place(stretch);
    misread.push(confusing ? restOfLine(where) : where);
    diagnostics.push(diagnostic('config-syntax', message, { place: where, hint }));
  }
  if (root === undefined) return { diagnostics, misread };
  for (const { name, offset, length } of repeated(root)) {
    diagnostics.push(secondProperty(name, place({ offset, length })));
  }
  const tree = treeOf(root, content);
  return { content: { value: plain(root), tree }, diagnostics, misread };
}

/** The scanner's tokens that are asked for: its enum exists in its types alone. */
const token = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, end: 17 } as const;

/**
 * What has to be known before and beside the parsing: where brackets are nested too deep, and which commas have nothing
 * behind them, by the offset of what follows instead. Does not recurse.
 */
function survey(content: string): { tooDeep?: number; danglingCommas: ReadonlyMap<number, number> } {
  const scanner = createScanner(content, true);
  const danglingCommas = new Map<number, number>();
  let depth = 0;
  let comma: number | undefined;
  for (let kind = scanner.scan(); kind !== token.end; kind = scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const closes = kind === token.closeBrace || kind === token.closeBracket;
    if (kind === token.openBrace || kind === token.openBracket) depth++;
    else if (closes) depth--;
    if (depth > deepest) return { tooDeep: offset, danglingCommas };
    if (comma !== undefined && (closes || kind === token.comma)) danglingCommas.set(offset, comma);
    comma = kind === token.comma ? offset : undefined;
  }
  return { danglingCommas };
}

/** Of properties that stand twice the last one is meant, as in the value. */
function treeOf(root: Node, content: string): Tree {
  // With a thousand partitions, looking through all of them for each would take longer than all the rest.
  const indexes = new Map<Node, ReadonlyMap<string, Node>>();
  const indexOf = (node: Node): ReadonlyMap<string, Node> => {
    const index = indexes.get(node) ?? new Map((node.children ?? []).map((property) => [nameOf(property), property]));
    indexes.set(node, index);
    return index;
  };
  return {
    locate(path, what) {
      let node: Node | undefined = root;
      let property: Node | undefined;
      for (const step of path) {
        property = node?.type === 'object' ? indexOf(node).get(String(step)) : undefined;
        node = node?.type === 'array' ? node.children?.[Number(step)] : property?.children?.[1];
      }
      if (property && what === 'key') return property.children?.[0];
      return node ?? (property && placeOfValue(property, content));
    },
  };
}

/** Where the value should be that a property lacks. */
function placeOfValue({ offset, length, colonOffset = offset }: Node, content: string): Stretch {
  const behind = content.slice(colonOffset + 1, offset + length);
  const blanks = behind.length - behind.trimStart().length;
  return { offset: colonOffset + 1 + blanks, length: behind.length - blanks };
}

/** Like the library's getNodeValue, with own properties only: `__proto__` in a config is a name like any other. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries((node.children ?? []).map((property) => [nameOf(property), plainProperty(property)]));
}

const nameOf = (property: Node): string => String(property.children?.[0]?.value);

function plainProperty(property: Node): unknown {
  const value = property.children?.[1];
  return value && plain(value);
}

function* repeated(node: Node): Iterable<Stretch & { readonly name: string }> {
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    if (child.type === 'property') {
      const [key] = child.children ?? [];
      const name = nameOf(child);
      if (key && seen.has(name)) yield { name, offset: key.offset, length: key.length };
      seen.add(name);
    }
    yield* repeated(child);
  }
}
