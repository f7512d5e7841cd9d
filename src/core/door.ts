import { linesWithoutSecrets, withoutSecrets } from './mask.ts';
import type { Output } from './output.ts';
import { printable } from './text.ts';

/*
 * The one door through which text leaves the program. Whatever a line or a value was made of (names of files, arguments,
 * what a program said), no key shows in it, no control character reaches the terminal, and none starts a line of its
 * own or a command of a CI runner. No other file writes to stdout or stderr.
 */

export interface Shown {
  /** The line may have the colours of our painter. */
  readonly color?: boolean;
  /** The user asked for the keys themselves: --reveal. */
  readonly reveal?: boolean;
}

/** Writes lines as people read them. A line break within one becomes visible. */
export function writeLines(output: Output, lines: readonly string[], shown: Shown = {}): void {
  const safe = shown.reveal ? lines : linesWithoutSecrets(lines);
  if (lines.length > 0) output.write(safe.map((line) => `${visibleLine(line, shown.color)}\n`).join(''));
}

/** Writes a question; the answer is typed behind it. */
export const writePrompt = (output: Output, question: string): void =>
  void output.write(visibleLine(withoutSecrets(question)));

/** Ends the line of a question whose answer is not echoed. */
export const endPrompt = (output: Output): void => void output.write('\n');

/** Draws a line of a terminal over the last one, of which `width` columns may be left; at the end the cursor goes back. */
export function redraw(output: Output, line: string, width: number, isEnd: boolean): void {
  output.write(`\r${visibleLine(withoutSecrets(line)).padEnd(width)}${isEnd ? '\r' : ''}`);
}

/** Writes one JSON document, on a line of its own where `space` is 0. */
export function writeJson(output: Output, value: unknown, { space = 2, reveal = false } = {}): void {
  const text = JSON.stringify(reveal ? value : masked(value), undefined, space);
  output.write(`${text.replace(unprintable, asEscape).replaceAll(azureCommand, '#\\u0023')}\n`);
}

/** Writes a command of GitHub's runner. Its message may have several lines. */
export function writeCommand(
  output: Output,
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  lines: readonly string[],
): void {
  const all = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${property(inOneLine(String(value)))}`],
  );
  output.write(`::${name} ${all.join(',')}::${data(lines.map((line) => inOneLine(line)).join('\n'))}\n`);
}

// What the runner's command parser takes as its own: https://github.com/actions/toolkit (core, command.ts).
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const inOneLine = (text: string): string => printable(withoutSecrets(text));

/** A value of a report, with whatever it holds, without the keys in it. Also the names of properties may be some. */
export function masked<Value>(value: Value): Value;
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Disclosed) return value.value;
  if (Array.isArray(value)) return value.map((item) => masked(item));
  const items = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(items.map(([name, item]) => [withoutSecrets(name), masked(item)]));
}

/** A value that was looked into and is no key, whatever it looks like: random bytes of an image, for example. */
export class Disclosed {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  toJSON(): unknown {
    return this.value;
  }
}

/** A line with all control characters visible but the colours that are ours. */
function visibleLine(line: string, color = false): string {
  const visible = color
    ? line
        .split(ourColors)
        .map((part, index) => (index % 2 === 0 ? printable(part) : part))
        .join('')
    : printable(line);
  return visible.replace(githubCommand, '$1\\x3a').replaceAll(azureCommand, '#\\x23');
}

const escapeCharacter = '\u001b';
/** The colours of paint.ts. */
const ourColors = new RegExp(`(${escapeCharacter}\\[(?:1|2|22|31|32|33|36|39)m)`);

/** A runner takes a line for a command whatever blanks stand before it. */
const githubCommand = new RegExp(`^((?:${escapeCharacter}\\[\\d+m|\\s)*):(?=:)`);
/** Also GitHub's old form; these may stand anywhere in a line. */
const azureCommand = /##(?=\[|vso\[)/g;

/** What JSON.stringify leaves as it is, and a terminal or a reader of lines does not. */
const unprintable = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const asEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
