import { Composer, CST, type Document, isMap, isSeq, type Pair, Parser, type YAMLError, type YAMLMap } from 'yaml';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { withoutKeys } from '../core/secret.ts';
import { deepest, type ParsedText, restOfLine, secondProperty } from './parsed-text.ts';
import { placesIn, type Stretch, type Tree } from './source.ts';
import { nameOf, unfold } from './yaml-aliases.ts';

/** Parses YAML 1.2. All syntax errors and all properties that stand twice are reported, each at its place. */
export function parseYaml(file: string, text: string): ParsedText {
  const place = placesIn(file, text);
  const wrong = (stretch: Stretch, message: string, hint?: string): Diagnostic =>
    diagnostic('config-syntax', message, { place: place(stretch), hint });

  // The parser does not recurse, what makes documents of its tokens does.
  const tokens = [...new Parser().parse(text)];
  const offset = tooDeep(tokens);
  if (offset !== undefined) {
    const message = `lists and maps are nested more than ${deepest} deep`;
    return { diagnostics: [wrong({ offset, length: 1 }, message)], misread: [] };
  }
  // A list or map as a name would become a text of JSON, with a warning of Node's.
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, version: '1.2' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return { diagnostics: [], misread: [] };

  const shown = withoutKeys(text);
  const diagnostics = [...document.errors, ...document.warnings].map((error) => {
    const stretch = between(error.pos);
    const symbol = text.slice(...error.pos);
    // The library's messages quote the text.
    if (shown.slice(...error.pos) !== symbol) return wrong(stretch, 'something like a key stands here');
    const { message, hint } = explain(error, symbol);
    return wrong(stretch, message, hint);
  });
  if (second) {
    const message = 'a second document starts here, and a config is one';
    diagnostics.push(wrong({ offset: second.range[0], length: 3 }, message));
  }
  const misread = diagnostics.flatMap(({ place: at }) => (at ? restOfLine(at) : []));
  for (const { name, ...stretch } of repeated(document.contents)) {
    diagnostics.push(secondProperty(name, place(stretch)));
  }
  const { value, problem } = unfold(document);
  if (problem) {
    const { node, message } = problem;
    const stretch = stretchOf(node) ?? { offset: 0, length: 1 };
    return { diagnostics: [...diagnostics, wrong(stretch, message)], misread };
  }
  return { content: { value, tree: treeOf(document) }, diagnostics, misread };
}

/** Where lists and maps are nested too deep. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of tokens) if (token.type === 'document' && token.value) open.push({ token: token.value, depth: 1 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (!CST.isCollection(token)) continue;
    if (depth > deepest) return token.offset;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

function explain({ code, message }: YAMLError, symbol: string): { message: string; hint?: string } {
  switch (code) {
    case 'TAG_RESOLVE_FAILED':
      return { message: `there is no tag ${symbol.split(/\s/)[0]}`, hint: 'a config needs none: leave it out' };
    case 'NON_STRING_KEY':
      return { message: 'the name of a property is a text, not a list, a map or an alias' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { message: 'a second property starts on this line', hint: 'put a text with a colon into quotes' };
    default: {
      // The library's sentence as a part of ours: no capital, no full stop.
      const [sentence = message] = message.split('\n');
      return { message: sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '') };
    }
  }
}

/** Of properties that stand twice the last one is meant, as in the value. */
function treeOf({ contents }: Document.Parsed): Tree {
  const indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const indexOf = (map: YAMLMap): ReadonlyMap<string, Pair> => {
    const index = indexes.get(map) ?? new Map(map.items.map((pair) => [nameOf(pair.key), pair]));
    indexes.set(map, index);
    return index;
  };
  return {
    locate(path, what) {
      let node: unknown = contents;
      let key: unknown;
      for (const step of path) {
        const pair = isMap(node) ? indexOf(node).get(String(step)) : undefined;
        key = pair?.key;
        node = isSeq(node) ? node.items[Number(step)] : pair?.value;
      }
      return what === 'key' && key !== undefined ? stretchOf(key) : stretchOf(node);
    },
  };
}

function* repeated(node: unknown): Iterable<Stretch & { readonly name: string }> {
  if (isSeq(node)) for (const item of node.items) yield* repeated(item);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = nameOf(key);
    const stretch = stretchOf(key);
    if (stretch && seen.has(name)) yield { name, ...stretch };
    seen.add(name);
    yield* repeated(value);
  }
}

function stretchOf(node: unknown): Stretch | undefined {
  const { range }: { range?: readonly [number, number, number] | null } = Object(node);
  return range ? between([range[0], range[1]]) : undefined;
}

const between = ([start, end]: readonly [number, number]): Stretch => ({ offset: start, length: end - start });
