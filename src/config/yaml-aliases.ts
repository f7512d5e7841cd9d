import { type Alias, type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq } from 'yaml';
import { grouped } from '../core/text.ts';
import { deepest } from './parsed-text.ts';

/** More than any config has; what unfolds into more is a few lines that repeat each other. */
const mostRepeated = 100_000;

export interface AliasProblem {
  readonly node: unknown;
  readonly message: string;
}

/**
 * The value of a document. The library's own toJS throws at aliases without an anchor, cannot say where, and counts
 * those that multiply in more than linear time.
 */
export function unfold({ contents }: Document.Parsed): { readonly value?: unknown; readonly problem?: AliasProblem } {
  const targets = anchored(contents);
  let problem: AliasProblem | undefined;
  let repeated = 0;
  const stop = (node: unknown, message: string): void => {
    problem ??= { node, message };
  };

  /** `alias` is the outermost one that the node is unfolded for, and the place of what is wrong there. */
  function valueIn(node: unknown, depth: number, alias?: Alias): unknown {
    if (problem) return undefined;
    if (alias && ++repeated > mostRepeated) {
      return stop(alias, `aliases unfold into more than ${grouped(mostRepeated)} values`);
    }
    if (depth > deepest) return stop(alias ?? node, `aliases are nested more than ${deepest} deep`);
    if (isAlias(node)) {
      const target = targets.get(node);
      if (target === undefined) return stop(node, `there is no anchor &${node.source} before this alias`);
      return valueIn(target, depth + 1, alias ?? node);
    }
    if (isSeq(node)) return node.items.map((item) => valueIn(item, depth + 1, alias));
    if (isMap(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [nameOf(key), valueIn(value, depth + 1, alias)]));
    }
    if (!isScalar(node)) return null;
    if (typeof node.value === 'object' && node.value !== null) return stop(node, 'this tag is not for configs');
    return node.value;
  }

  const value = valueIn(contents, 0);
  return problem ? { problem } : { value };
}

/** Names are texts: parseYaml allows no others. */
export const nameOf = (key: unknown): string => (isScalar(key) ? String(key.value) : '');

/** What each alias stands for: the last node before it that has the anchor. */
function anchored(contents: unknown): ReadonlyMap<Alias, unknown> {
  const anchors = new Map<string, unknown>();
  const targets = new Map<Alias, unknown>();
  const walk = (node: unknown): void => {
    if (isAlias(node)) targets.set(node, anchors.get(node.source));
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isCollection(node)) for (const item of node.items) walk(item);
    if (isPair(node)) {
      walk(node.key);
      walk(node.value);
    }
  };
  walk(contents);
  return targets;
}
