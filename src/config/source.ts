import type { Place } from '../core/diagnostics/diagnostic.ts';
import { rememberKeys } from '../core/mask.ts';
import { withoutKeys } from '../core/secret.ts';

/** A step into a config: a property or an index. */
export type Path = readonly (string | number)[];

/** A stretch of a text, in UTF-16 units. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** The text of a config and its tree: where each value stands. */
export interface ConfigSource {
  /** Absolute. */
  readonly file: string;
  /** Where the value of a path stands, or its property's name; the nearest place above it where it has none. */
  place(path: Path, what?: 'key' | 'value'): Place;
}

/** A tree as a parser gives it. `locate` finds the stretch of exactly this path, if it is in the text. */
export interface Tree {
  locate(path: Path, what: 'key' | 'value'): Stretch | undefined;
}

/** A source with positions, of a text and the tree in it. */
export function sourceOf(file: string, text: string, tree: Tree): ConfigSource {
  const places = placesIn(file, text);
  return {
    file,
    place(path, what = 'value') {
      for (let length = path.length; length >= 0; length--) {
        // What is missing is shown at the property that lacks it, by its name where it has one.
        const wanted = length === path.length ? what : 'key';
        const steps = path.slice(0, length);
        const stretch = tree.locate(steps, wanted) ?? tree.locate(steps, 'value');
        if (stretch) return isArgument(path) ? withoutText(places(stretch)) : places(stretch);
      }
      return { file };
    },
  };
}

/** A program has no positions: its diagnostics name the file. */
export const sourceWithoutPlaces = (file: string): ConfigSource => ({ file, place: () => ({ file }) });

/** Turns stretches of a text into places. Lines are found once, when the first place is asked for. */
export function placesIn(file: string, text: string): (stretch: Stretch) => Place {
  let lines: ReturnType<typeof linesOf> | undefined;
  return ({ offset, length }) => {
    lines ??= linesOf(text);
    const line = lines.at(offset);
    const start = lines.start(line);
    const whole = lines.text(line);
    // A byte order mark stands before the first column, and the line ends before its CRLF.
    const column = Math.max(0, Math.min(offset - start, whole.length));
    // A value over several lines is marked on its first.
    const marked = Math.max(1, Math.min(offset + length - start, whole.length) - column);
    return { file, line: line + 1, column: column + 1, length: marked, text: whole };
  };
}

/** Within the arguments of a program, which may stand on lines of their own. */
const isArgument = (path: Path): boolean => path.slice(0, -1).includes('exec');

const withoutText = ({ text: _, ...place }: Place): Place => place;

/** Arguments of a program may be secrets, such as a token: what is shown of a line has stars for them. */
function withoutArguments(line: string): string {
  return line.replace(
    /(\bexec\b["']?\s*:\s*\[?\s*["']?[^\s,"'\]]*)([^\]]*)/g,
    (_, program: string, rest: string) => program + rest.replace(/[^\s,"'{}]/g, '*'),
  );
}

/** The lines of a text, counted from 0 and ended by LF, CRLF or CR. They are to be shown: keys are masked. */
function linesOf(whole: string) {
  // Editors show no byte order mark and count no column for it.
  const starts = [whole.startsWith('\ufeff') ? 1 : 0];
  for (const { index, 0: end } of whole.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  rememberKeys(whole);
  const shown = withoutKeys(whole);
  // A config without line breaks may have all its mistakes on one long line.
  const texts = new Map<number, string>();
  const start = (line: number): number => starts[line] ?? whole.length;
  return {
    start,
    /** The line of an offset, by halving. */
    at(offset: number): number {
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (start(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    text(line: number): string {
      const text =
        texts.get(line) ?? withoutArguments(shown.slice(start(line), start(line + 1)).replace(/[\r\n]{1,2}$/, ''));
      texts.set(line, text);
      return text;
    },
  };
}
