import { findNodeAtLocation, type Node, type ParseError, type ParseErrorCode, parseTree } from 'jsonc-parser';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostic.ts';
import { type Path, placesIn, type Stretch, type Tree } from './source.ts';

/** A parsed text: its value, its tree, and what is wrong with it. Without `content` there is nothing to go on with. */
export interface ParsedText {
  readonly content?: { readonly value: unknown; readonly tree: Tree };
  readonly diagnostics: readonly Diagnostic[];
  /** The lines that were only half understood. */
  readonly misread: readonly Place[];
}

export interface JsonDialect {
  /** Comments and trailing commas are welcome: .jsonc. */
  readonly comments: boolean;
}

/** Parses JSON or JSONC. All syntax errors and all properties that stand twice are reported, each at its place. */
export function parseJson(file: string, text: string, { comments }: JsonDialect): ParsedText {
  const errors: ParseError[] = [];
  // The parser knows no byte order mark; a blank keeps all positions.
  const content = text.replace(/^\uFEFF/, ' ');
  const options = { disallowComments: !comments, allowTrailingComma: comments, allowEmptyContent: false };
  const root = parseTree(content, errors, options);
  const place = placesIn(file, text);
  const diagnostics: Diagnostic[] = [];
  const misread: Place[] = [];
  let lastLine = 0;
  for (const { error, ...found } of errors) {
    const { offset, length } = wholeSymbol(content, found);
    const where = place({ offset, length });
    // What follows on the same line is what the parser makes of the first mistake.
    if (where.line === lastLine) continue;
    lastLine = where.line ?? 0;
    misread.push(wholeLine(where));
    const { message, hint } = explain(error, content.slice(offset, offset + length), content.slice(offset + length));
    diagnostics.push(diagnostic('config-syntax', message, { place: where, ...(hint && { hint }) }));
  }
  const tree: Tree = { locate: (path, what) => root && locate(root, path, what) };
  if (root === undefined) return { diagnostics, misread };
  for (const { name, offset, length } of repeated(root)) {
    const message = `there is a second property "${name}"`;
    const hint = 'only the last one would count: remove or rename one of them';
    diagnostics.push(diagnostic('config-property', message, { place: place({ offset, length }), hint }));
  }
  return { content: { value: plain(root), tree }, diagnostics, misread };
}

/** The line of a place. */
export const wholeLine = (place: Place): Place => ({ ...place, column: 1, length: Number.POSITIVE_INFINITY });

const noComments = 'name the file pki.config.jsonc to write comments and trailing commas';

/** What the parser's codes mean to whoever wrote the text. */
const syntaxErrors: Partial<Record<ParseErrorCode, { message: string; hint?: string }>> = {
  1: { message: 'this is no value', hint: 'a value is a "text", a number, true, false, null, [ … ] or { … }' },
  2: { message: 'this is not a number as JSON writes it', hint: 'hexadecimal numbers go into quotes: "0x2000"' },
  3: { message: 'a property name in double quotes is expected here' },
  4: { message: 'a value is expected here' },
  5: { message: 'a colon is expected here' },
  6: { message: 'a comma is expected here' },
  7: { message: 'a closing brace } is expected here' },
  8: { message: 'a closing bracket ] is expected here' },
  9: { message: 'the text goes on behind the end of the config' },
  10: { message: 'comments are not allowed in plain JSON', hint: noComments },
  11: { message: 'this comment has no end' },
  12: { message: 'this text has no closing quote' },
  13: { message: 'this number is incomplete' },
  14: { message: 'this is not a Unicode escape', hint: 'it has four hexadecimal digits: \\u00e9' },
  15: { message: 'this escape does not exist', hint: 'a backslash itself is written twice: \\\\' },
  16: { message: 'this character is not allowed in a text', hint: 'write a line break as \\n and a tab as \\t' },
};

/** The parser takes the 0 of `0x20` for a number and the rest for the mistake. */
function wholeSymbol(content: string, { offset, length }: Stretch): Stretch {
  const isHex = /^0x[0-9a-f]+$/i.test(content.slice(offset - 1, offset + length));
  return isHex ? { offset: offset - 1, length: length + 1 } : { offset, length };
}

function explain(error: ParseErrorCode, symbol: string, rest: string): { message: string; hint?: string } {
  if (/^0x/i.test(symbol)) {
    return { message: `${symbol} is no number of JSON`, hint: `hexadecimal numbers go into quotes: "${symbol}"` };
  }
  if (/^'/.test(symbol)) return { message: 'texts stand in double quotes, not in single ones' };
  if (error === 1 && /^\s*:/.test(rest)) {
    return { message: 'names of properties stand in double quotes', hint: `write "${symbol}"` };
  }
  return syntaxErrors[error] ?? { message: 'this is not valid JSON' };
}

function locate(root: Node, path: Path, what: 'key' | 'value'): Stretch | undefined {
  const node = findNodeAtLocation(root, [...path]);
  const property = node?.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  return what === 'key' && property ? property : node;
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
