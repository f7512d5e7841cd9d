import { type Digits, isJoint, isLower, isUpper, noGap, softGap } from './digits.ts';
import { isReadable, longEnough, markBesideEvidence, textOf } from './evidence.ts';
import { remember, remembered, shortestPart } from './known.ts';
import { has, type Measure, type Mixture, mixtureOf, type Range, sum } from './mixture.ts';
import { privateDigits } from './private.ts';
import { componentsOf, piecesOf, privateSegments } from './segments.ts';

/**
 * Marks the digits that are those of a key, as far as their mixture shows it: letters of both cases and digits change
 * far more often than in words, names and paths. Public objects (certificates and the like) are known by their first
 * bytes and left out. Linear.
 */
export function keyDigits(text: string, digits: Digits): Uint8Array {
  const marked = new Uint8Array(digits.length);
  const mixture = mixtureOf(digits);
  const mark = ([start, end]: Range): void => void marked.fill(1, start, end);
  const short: Range[] = [];
  const spread: { readonly segment: Range; readonly pieces: readonly Range[] }[] = [];
  for (const segment of privateSegments(digits)) {
    const pieces = piecesOf(digits, segment);
    for (const piece of pieces) {
      // There may be very many, of one digit each.
      if (piece[1] - piece[0] < shortestPart) continue;
      remembered(digits, piece).forEach(mark);
      for (const range of componentsOf(digits, piece).flatMap((part) => inPiece(digits, mixture, part))) {
        if (range[1] - range[0] >= longEnough || hasExponent(digits, range)) mark(range);
        else short.push(range);
      }
    }
    for (const range of privateObjects(digits, segment)) withoutWords(digits, mixture, range, segment).forEach(mark);
    if (pieces.length === 1) continue;
    spread.push({ segment, pieces });
    for (const range of windows(mixture, segment, spreadWindow))
      if (isSpread(digits, mixture, range)) withoutWords(digits, mixture, range, segment).forEach(mark);
  }
  markBesideEvidence(text, digits, marked, short);
  for (const { segment, pieces } of spread) {
    between(mixture, marked, segment).forEach(mark);
    neighbours(mixture, marked, pieces).forEach(mark);
  }
  return marked;
}

/** Private keys that are known by their first bytes, as far as they go on in the segment. */
function privateObjects({ codes }: Digits, [start, end]: Range): Range[] {
  const found: Range[] = [];
  for (let at = start; at < end; at++) {
    const size = privateDigits(codes, at, end);
    if (size === 0) continue;
    found.push([at, Math.min(end, at + size)]);
    at += size - 1;
  }
  return found;
}

/** Beside a piece as long as a line, a shorter one is an initial or a short word. */
const shortestLine = 8;

/** Asks for the mixture of a key also without the longest piece, which could be a name among words. */
function isSpread(digits: Digits, { upper, lower, changes }: Mixture, range: Range): boolean {
  const pieces = piecesOf(digits, range);
  let longest: Range = [0, 0];
  for (const piece of pieces) if (piece[1] - piece[0] > longest[1] - longest[0]) longest = piece;
  if (longest[1] - longest[0] < shortestPiece) return true;
  // A message may say a name twice.
  const name = textOf(digits, longest);
  const others = pieces.filter(
    (piece) => widthOf([piece]) >= shortestLine && !name.includes(textOf(digits, piece)) && !isReadable(digits, piece),
  );
  const total = (sums: Uint32Array): number => others.reduce((count, [start, end]) => count + sum(sums, start, end), 0);
  const width = widthOf(others);
  return (
    width >= shortestPart &&
    total(upper) >= width * 0.15 &&
    total(lower) >= width * 0.15 &&
    total(changes) >= width * 0.35
  );
}

// Of random digits 41 % are upper case, 41 % lower case and 16 % decimal, and 63 % of them are of another kind than the
// one before. The shorter the stretch, the more of that it must have: a name may be mixed, too.
const pieceWindows: readonly Measure[] = [
  { width: 16, upper: 3, lower: 3, decimal: 1, changes: 7, joints: 1, words: 0 },
  { width: 24, upper: 4, lower: 4, decimal: 1, changes: 10, joints: 1, words: 0 },
  { width: 32, upper: 6, lower: 6, decimal: 1, changes: 13, joints: 2, words: 0 },
];
/** With blanks and the like between the digits: words are long runs of letters, and hexadecimal is of one case. */
const spreadWindow: Measure = { width: 40, upper: 8, lower: 8, decimal: 2, changes: 17, cases: 6 };
const whole = (width: number): Measure => ({
  width,
  upper: width * 0.2,
  lower: width * 0.2,
  decimal: width * 0.04,
  changes: width * 0.42,
  // A path has more of them.
  joints: width < 100 ? 6 : Number.POSITIVE_INFINITY,
});

/** The stretches of a segment in which every window has a measure, or lies in one that has. */
function windows(mixture: Mixture, [start, end]: Range, measure: Measure): Range[] {
  const found: [number, number][] = [];
  for (let at = start; at + measure.width <= end; at++) {
    if (!has(mixture, [at, at + measure.width], measure)) continue;
    const last = found.at(-1);
    if (last !== undefined && at <= last[1]) last[1] = at + measure.width;
    else found.push([at, at + measure.width]);
  }
  return found;
}

/** A piece without gaps: a word, a name, a path, a line of a key. */
function inPiece(digits: Digits, mixture: Mixture, piece: Range): Range[] {
  const [start, end] = piece;
  const width = end - start;
  if (width < shortestPiece) return [];
  if (width >= longEnough && has(mixture, piece, whole(width))) return [piece];
  if (hasExponent(digits, piece)) return [piece];
  const found = pieceWindows.map((measure) => windows(mixture, piece, measure));
  if (found.some((ranges) => widthOf(ranges) > width * 0.7)) return [piece];
  // Of a path only the component.
  return found.flat().map(([from, to]): Range => {
    let [left, right] = [from, to];
    while (left > start && !isJoint(digits.codes[left - 1] ?? 0)) left--;
    while (right < end && !isJoint(digits.codes[right] ?? 0)) right++;
    return [left, right];
  });
}

const shortestPiece = 16;
const widthOf = (ranges: readonly Range[]): number => ranges.reduce((total, [start, end]) => total + end - start, 0);

/** The public exponent of nearly every RSA key, which is poor in mixture, with the bytes before it. */
const exponents = ['AgMBAAE', 'IDAQAB', 'CAwEAA'];

const hasExponent = ({ codes }: Digits, [start, end]: Range): boolean => {
  const piece = Buffer.from(codes.buffer, start, end - start);
  return exponents.some((exponent) => piece.includes(exponent, 0, 'latin1'));
};

/** A stretch of many pieces without the words before and after the key. */
function withoutWords(digits: Digits, mixture: Mixture, range: Range, segment: Range): Range[] {
  const pieces = piecesOf(digits, toPieces(digits, range, segment));
  const isProse = ([start, end]: Range, edge: Range): boolean =>
    isWord(digits, start, end) || sum(mixture.changes, edge[0] + 1, edge[1]) <= 3;
  let [first, last] = [0, pieces.length - 1];
  for (; first <= last; first++) {
    const piece = pieces[first];
    if (piece !== undefined && !isProse(piece, [piece[0], piece[0] + edgeWidth])) break;
  }
  for (; last >= first; last--) {
    const piece = pieces[last];
    if (piece !== undefined && !isProse(piece, [piece[1] - edgeWidth, piece[1]])) break;
  }
  const [start, end] = [pieces[first]?.[0], pieces[last]?.[1]];
  return start === undefined || end === undefined || first > last ? [] : [[start, end]];
}

/** Digits at either end of which more than three must be of another kind than the one before. */
const edgeWidth = 12;

/** The pieces that a range begins and ends in as a whole. */
function toPieces({ gap }: Digits, [start, end]: Range, segment: Range): Range {
  let [from, to] = [start, end];
  while (from > segment[0] && gap[from] === noGap) from--;
  while (to < segment[1] && gap[to] === noGap) to++;
  return [from, to];
}

/** `the`, `Key`, `of`: also what a window has cut off of one. */
function isWord({ codes }: Digits, start: number, end: number): boolean {
  if (end - start < 2) return false;
  for (let at = start + 1; at < end; at++) if (!isLower(codes[at] ?? 0)) return false;
  return isLower(codes[start] ?? 0) || isUpper(codes[start] ?? 0);
}

/** What lies between two stretches of a key and is poor in mixture by chance. */
function between({ changes }: Mixture, marked: Uint8Array, [start, end]: Range): Range[] {
  const found: Range[] = [];
  // The digit after the last marked one.
  let behind: number | undefined;
  for (let at = start; at < end; at++) {
    if (marked[at] !== 1) continue;
    const width = behind === undefined ? 0 : at - behind;
    if (behind !== undefined && width > 0 && width < longestPoor && sum(changes, behind, at) >= width * 0.15)
      found.push([behind, at]);
    behind = at + 1;
  }
  return found;
}

const longestPoor = 64;

/** The short last line of a key, which alone could be a name. */
function neighbours(mixture: Mixture, marked: Uint8Array, pieces: readonly Range[]): Range[] {
  return pieces.filter(([start, end], index) => {
    const width = end - start;
    if (width < 8 || marked[start] === 1) return false;
    const before = pieces[index - 1];
    const behind = pieces[index + 1];
    const isBeside =
      (before !== undefined && marked[before[1] - 1] === 1) || (behind !== undefined && marked[behind[0]] === 1);
    return isBeside && sum(mixture.changes, start + 1, end) >= width * 0.2;
  });
}

/** Keeps in mind what in these digits is a part of a key, for texts in which a part of it stands alone. */
export function rememberPieces(text: string, digits: Digits): void {
  const marked = keyDigits(text, digits);
  for (const piece of piecesOf(digits, [0, digits.length])) if (marked[piece[0]] === 1) remember(digits, piece);
}

/** The stretches of the text in which marked digits stand. */
export function stretchesOf({ length, from, to, gap }: Digits, marked: Uint8Array): Range[] {
  const stretches: [number, number][] = [];
  let isOpen = false;
  for (let at = 0; at < length; at++) {
    const last = stretches.at(-1);
    if (marked[at] !== 1) isOpen = false;
    else if (isOpen && last !== undefined && (gap[at] ?? 0) <= softGap) last[1] = to[at] ?? 0;
    else {
      stretches.push([from[at] ?? 0, to[at] ?? 0]);
      isOpen = true;
    }
  }
  return stretches;
}
