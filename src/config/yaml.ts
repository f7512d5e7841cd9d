import { isMap, isScalar, type Node, type Pair, parseDocument } from 'yaml';
import { diagnostic } from '../core/diagnostic.ts';
import { type ParsedText, restOfLine } from './json.ts';
import { placesIn, type Stretch, type Tree } from './source.ts';

/** Parses YAML 1.2. All syntax errors are reported, each at its place; a property that stands twice is one. */
export function parseYaml(file: string, text: string): ParsedText {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const place = placesIn(file, text);
  const diagnostics = document.errors.map(({ code, message, pos: [start, end] }) => {
    const where = { place: place({ offset: start, length: end - start }) };
    if (code !== 'DUPLICATE_KEY') return diagnostic('config-syntax', message.split('\n')[0] ?? message, where);
    const hint = 'only one of them would count: remove or rename one';
    return diagnostic('config-property', 'this property stands here for the second time', { ...where, hint });
  });
  const tree: Tree = {
    locate(path, what) {
      const name = path.at(-1);
      if (what === 'value' || name === undefined) return stretchOf(document.getIn(path, true));
      const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      return isMap(parent) ? stretchOf(keyOf(parent.items, name)) : stretchOf(document.getIn(path, true));
    },
  };
  // Aliases that multiply beyond all measure throw here; the library's default limit is 100.
  const content = { value: document.toJS({ maxAliasCount: 100 }), tree };
  const misread = diagnostics.flatMap(({ code, place }) =>
    code === 'config-syntax' && place ? restOfLine(place) : [],
  );
  return { content, diagnostics, misread };
}

const keyOf = (items: readonly Pair[], name: string | number): unknown =>
  items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(name))?.key;

function stretchOf(node: unknown): Stretch | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range ? { offset: range[0], length: range[1] - range[0] } : undefined;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'range' in value;
