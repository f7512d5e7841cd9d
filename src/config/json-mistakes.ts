import type { ParseError, ParseErrorCode } from 'jsonc-parser';
import { withoutKeys } from '../core/secret.ts';
import type { JsonDialect } from './json-dialect.ts';
import type { Stretch } from './source.ts';
import { brief } from './wording.ts';

/** A mistake in the writing of JSON, for whoever wrote it. */
export interface JsonMistake extends Stretch {
  readonly message: string;
  readonly hint?: string;
  /** What follows on the line is only half understood. */
  readonly confusing?: true;
}

/** Makes mistakes of the parser's errors, without those that only follow from another. In the order of the text. */
export function mistakesIn(
  content: string,
  errors: readonly ParseError[],
  danglingCommas: ReadonlyMap<number, number>,
  dialect: JsonDialect,
): JsonMistake[] {
  const mistakes: JsonMistake[] = [];
  if (errors.length === 0) return mistakes;
  const shown = withoutKeys(content);
  let last: Last | undefined;
  for (const { error, offset, length } of errors) {
    if (last && follows({ error, offset }, last, content)) continue;
    const comma = error === code.nameExpected || error === code.valueExpected ? danglingCommas.get(offset) : undefined;
    const mistake =
      comma === undefined ? mistakeOf(error, { offset, length }, content, shown) : dangling(comma, dialect);
    last = { ...mistake, error, at: offset };
    mistakes.push(mistake);
  }
  return mistakes;
}

/** The parser's codes that are asked for: its enum exists in its types alone. */
const code = {
  symbol: 1,
  nameExpected: 3,
  valueExpected: 4,
  colonExpected: 5,
  commaExpected: 6,
  comment: 10,
} as const;

/** The mistake before, and the error that it was made of. */
interface Last extends JsonMistake {
  readonly error: ParseErrorCode;
  readonly at: number;
}

/** Whether an error is what the parser makes of the mistake before it. */
function follows({ error, offset }: Omit<ParseError, 'length'>, last: Last, content: string): boolean {
  if (error === code.comment) return false;
  const end = last.offset + last.length;
  if (offset === last.at || (offset >= last.offset && offset < end)) return true;
  const between = content.slice(end, offset);
  if (last.confusing) return !between.includes('\n') && !between.includes('\r');
  // Where a word stands instead of a value the parser misses the value, too, and with a ; it misses the comma.
  const missed = error === code.nameExpected || error === code.valueExpected || error === code.colonExpected;
  const isStray = last.error === code.symbol && content.slice(last.offset, end) === ';';
  const isSymbol = last.error === code.symbol || last.error === code.commaExpected;
  return isSymbol && (missed || (isStray && error === code.commaExpected)) && between.trim() === '';
}

function dangling(offset: number, { comments }: JsonDialect): JsonMistake {
  const hint = comments ? 'remove it' : 'remove it; commas at the end are for pki.config.jsonc';
  return { offset, length: 1, message: 'this comma has nothing behind it', hint };
}

function mistakeOf(error: ParseErrorCode, stretch: Stretch, content: string, shown: string): JsonMistake {
  const { offset, length } = stretch;
  if (error === code.symbol) return strangeSymbol(stretch, content, shown);
  // The parser takes the 0 of `0755` for a number of its own.
  if (error === code.commaExpected && /\d/.test(content.charAt(offset - 1)))
    return strangeSymbol(stretch, content, shown);
  const known = syntaxErrors[error] ?? { message: 'this is not valid JSON', confusing: true };
  return { ...known, offset, length };
}

/** What the parser's codes mean to whoever wrote the text. */
const syntaxErrors: Partial<Record<ParseErrorCode, Omit<JsonMistake, keyof Stretch>>> = {
  2: { message: 'this is not a number as JSON writes it' },
  3: { message: 'a property name in double quotes is expected here', confusing: true },
  4: { message: 'a value is expected here', confusing: true },
  5: { message: 'a colon is expected here', confusing: true },
  6: { message: 'a comma is expected here' },
  7: { message: 'a closing brace } is expected here', confusing: true },
  8: { message: 'a closing bracket ] is expected here', confusing: true },
  9: { message: 'the text goes on behind the end of the config', confusing: true },
  10: {
    message: 'comments are not allowed in plain JSON',
    hint: 'name the file pki.config.jsonc to write comments and trailing commas',
  },
  11: { message: 'this comment has no end', confusing: true },
  12: { message: 'this text has no closing quote', confusing: true },
  13: { message: 'this number is incomplete' },
  14: { message: 'this is not a Unicode escape', hint: 'it has four hexadecimal digits: \\u00e9' },
  15: { message: 'this escape does not exist', hint: 'a backslash itself is written twice: \\\\' },
  16: { message: 'this character is not allowed in a text', hint: 'write a line break as \\n and a tab as \\t' },
};

/** A word without quotes, or a sign that JSON does not have. `shown` is the content without keys. */
function strangeSymbol(found: Stretch, content: string, shown: string): JsonMistake {
  const stretch = wholeSymbol(content, found);
  const end = stretch.offset + stretch.length;
  const symbol = content.slice(stretch.offset, end);
  // Of a PEM body with real line breaks only the whole text shows that it is one.
  const word = brief(shown.slice(stretch.offset, end));
  const quoted = `"${word.replace(/^'|'$/g, '')}"`;
  if (/^\s*:/.test(content.slice(end, end + 100))) {
    const message = 'names of properties stand in double quotes';
    return { ...stretch, message, hint: `write ${quoted}`, confusing: true };
  }
  if (symbol === ';') return { ...stretch, message: 'a comma is expected here, not a semicolon' };
  if (/^([<=>])\1{6}/.test(symbol)) {
    const message = 'this is the mark of a merge conflict';
    return { ...stretch, message, hint: 'keep one of the two sides', confusing: true };
  }
  if (symbol.startsWith('=')) return { ...stretch, message: 'a colon is expected here, not =', confusing: true };
  if (/^[\u2018-\u201e]/.test(symbol)) return { ...stretch, message: 'texts stand in straight double quotes: "' };
  if (/^(?:true|false|null)$/i.test(symbol)) {
    return { ...stretch, message: 'this is no value', hint: `JSON has it in small letters: ${symbol.toLowerCase()}` };
  }
  if (symbol.startsWith("'")) return { ...stretch, message: 'texts stand in double quotes, not in single ones' };
  if (/^0x/i.test(symbol)) {
    const hint = `hexadecimal numbers go into quotes: ${quoted}`;
    return { ...stretch, message: `${word} is no number of JSON`, hint };
  }
  if (/^[-+]?\.?\d/.test(symbol)) {
    return { ...stretch, message: `${word} is no number of JSON`, hint: `texts go into quotes: ${quoted}` };
  }
  if (!/^[\w./~*-]/.test(symbol)) {
    return {
      ...stretch,
      message: 'this is no value',
      hint: 'a value is a "text", a number, true, false, null, [ … ] or { … }',
    };
  }
  return { ...stretch, message: 'this is no value', hint: `texts go into quotes: ${quoted}` };
}

/**
 * All of a word that the parser takes for several: it reads the 8 of `8K` as a number, and a path piece by piece. What
 * is longer than a line would be is left as it was found.
 */
function wholeSymbol(content: string, { offset, length }: Stretch): Stretch {
  const rest = content.slice(offset, offset + longestWord);
  if (rest.startsWith("'")) return { offset, length: /^'[^'\r\n]*'/.exec(rest)?.[0].length ?? length };
  if (!/^[\w.%+/~*-]/.test(rest)) return { offset, length: /^([<=>])\1{6}/.test(rest) ? 7 : length };
  const before = /[\w.+-]*$/.exec(content.slice(Math.max(0, offset - 40), offset))?.[0].length ?? 0;
  const behind = /^[^\s,[\]{}":]*/.exec(rest)?.[0].length ?? 0;
  return { offset: offset - before, length: before + Math.max(length, behind) };
}

const longestWord = 1000;
