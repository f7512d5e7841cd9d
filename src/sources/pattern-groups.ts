/** A stretch of a pattern that stands for more than its characters: where it closes, and what it takes. */
export type PatternGroup = { readonly close: number } & (
  | { readonly kind: 'class'; readonly accepts: (character: string) => boolean }
  | {
      readonly kind: 'alternatives';
      readonly repeat: 'once' | 'optional' | 'any' | 'some';
      /** From and to, in characters. */
      readonly alternatives: readonly (readonly [number, number])[];
    }
  | { readonly kind: 'numbers'; readonly count: number; readonly texts: () => string[] }
  | { readonly kind: 'not' }
);

/** How often `@(…)` and its like are repeated; parentheses alone are a group where they hold a `|`. */
const repeats = { '@': 'once', '?': 'optional', '*': 'any', '+': 'some' } as const;

interface Open {
  readonly at: number;
  readonly sign: '{' | '(';
  readonly separators: number[];
}

/** The groups of a pattern by where they start, in one pass. What is opened and never closed is not a group. */
export function patternGroups(text: readonly string[]): ReadonlyMap<number, PatternGroup> {
  const groups = new Map<number, PatternGroup>();
  const open: Open[] = [];
  const lastBracket = text.lastIndexOf(']');
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const inner = open.at(-1);
    if (character === '\\') at++;
    else if (character === '[' && at < lastBracket) {
      const found = classAt(text, at);
      if (found === undefined) continue;
      groups.set(at, found);
      at = found.close;
    } else if (character === '{' || character === '(') open.push({ at, sign: character, separators: [] });
    else if (inner !== undefined && character === (inner.sign === '{' ? ',' : '|')) inner.separators.push(at);
    else if (character === '}' || character === ')') {
      const sign = character === '}' ? '{' : '(';
      // What lies open within it is never closed any more.
      const index = open.findLastIndex((one) => one.sign === sign);
      const [opened] = index < 0 ? [] : open.splice(index);
      const found = opened && (sign === '{' ? braces(text, opened, at) : parentheses(text, opened, at));
      if (found) groups.set(found.start, found.group);
    }
  }
  return groups;
}

type Found = { readonly start: number; readonly group: PatternGroup } | undefined;

function alternativesOf({ at, separators }: Open, close: number): readonly (readonly [number, number])[] {
  const starts = [at, ...separators];
  return starts.map((start, index) => [start + 1, starts[index + 1] ?? close] as const);
}

function braces(text: readonly string[], open: Open, close: number): Found {
  if (open.separators.length > 0) {
    const alternatives = alternativesOf(open, close);
    return { start: open.at, group: { kind: 'alternatives', repeat: 'once', alternatives, close } };
  }
  if (close - open.at > longestRange) return undefined;
  const inside = text.slice(open.at + 1, close).join('');
  const group = numbersIn(inside, close) ?? lettersIn(inside, close);
  return group && { start: open.at, group };
}

/** Characters of `{000000001..999999999}`, roughly. */
const longestRange = 40;

function numbersIn(inside: string, close: number): PatternGroup | undefined {
  const [, left, right] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(inside) ?? [];
  if (left === undefined || right === undefined) return undefined;
  const [first, last] = [Number(left), Number(right)].sort((a, b) => a - b) as [number, number];
  const isPadded = /^0\d/.test(left) || /^0\d/.test(right);
  const width = isPadded ? Math.max(left.length, right.length) : 0;
  const count = last - first + 1;
  const texts = () => Array.from({ length: count }, (_, index) => String(first + index).padStart(width, '0'));
  return { kind: 'numbers', count, texts, close };
}

function lettersIn(inside: string, close: number): PatternGroup | undefined {
  const [, left, right] = /^(.)\.\.(.)$/su.exec(inside) ?? [];
  if (left === undefined || right === undefined) return undefined;
  const [first, last] = [codeOf(left), codeOf(right)].sort((a, b) => a - b) as [number, number];
  return { kind: 'class', accepts: (character) => isWithin(character, first, last), close };
}

function parentheses(text: readonly string[], open: Open, close: number): Found {
  const sign = text[open.at - 1] ?? '';
  if (sign === '!') return { start: open.at - 1, group: { kind: 'not', close } };
  const alternatives = alternativesOf(open, close);
  if (sign === '@' || sign === '?' || sign === '*' || sign === '+') {
    return { start: open.at - 1, group: { kind: 'alternatives', repeat: repeats[sign], alternatives, close } };
  }
  if (open.separators.length === 0) return undefined;
  return { start: open.at, group: { kind: 'alternatives', repeat: 'once', alternatives, close } };
}

/** `[a-z]`, `[!a-z]`, `[^a-z]`, `[[:digit:]]`; a `]` that stands first is one of the characters. */
function classAt(text: readonly string[], start: number): PatternGroup | undefined {
  let at = start + 1;
  const isNegated = text[at] === '!' || text[at] === '^';
  if (isNegated) at++;
  const first = at;
  const parts: ((character: string) => boolean)[] = [];
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === ']' && at > first) {
      const accepts = (one: string) => parts.some((part) => part(one)) !== isNegated;
      return { kind: 'class', accepts, close: at };
    }
    // A name has no `/`: the bracket was none.
    if (character === '/') return undefined;
    const named = character === '[' && text[at + 1] === ':' ? namedClassAt(text, at) : undefined;
    if (named !== undefined) {
      parts.push(named.accepts);
      at = named.close;
      continue;
    }
    if (character === '\\') at++;
    const from = codeOf(text[at] ?? '');
    const isRange = text[at + 1] === '-' && text[at + 2] !== undefined && text[at + 2] !== ']';
    if (isRange) at += text[at + 2] === '\\' ? 3 : 2;
    const to = codeOf(text[at] ?? '');
    parts.push((one) => isWithin(one, from, to));
  }
  return undefined;
}

const namedClasses: Readonly<Record<string, RegExp>> = {
  alnum: /^[a-z0-9]$/i,
  alpha: /^[a-z]$/i,
  digit: /^[0-9]$/,
  lower: /^[a-z]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^\s$/,
  upper: /^[A-Z]$/,
  word: /^\w$/,
  xdigit: /^[0-9a-f]$/i,
};

function namedClassAt(text: readonly string[], at: number) {
  const [, name = ''] = /^\[:([a-z]{1,8}):\]/.exec(text.slice(at, at + 12).join('')) ?? [];
  const pattern = Object.hasOwn(namedClasses, name) ? namedClasses[name] : undefined;
  return pattern && { accepts: (character: string) => pattern.test(character), close: at + name.length + 3 };
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

function isWithin(character: string, from: number, to: number): boolean {
  const code = codeOf(character);
  return code >= from && code <= to;
}
