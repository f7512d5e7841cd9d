import { type Digits, hardGap, isJoint, isLower, noGap } from './digits.ts';
import type { Range } from './mixture.ts';
import { privateDigits } from './private.ts';
import { publicLength, telling } from './public.ts';

/** Stretches without anything between their digits but what may part those of a key, and without public objects. */
export function* privateSegments({ length, codes, gap }: Digits): Generator<Range> {
  let start = 0;
  for (let at = 0; at <= length; ) {
    const isEnd = at === length || gap[at] === hardGap;
    if (isEnd && at > start) yield [start, at];
    if (at === length) return;
    if (isEnd) start = at;
    const size = gap[at] === noGap ? 0 : publicDigits(codes, at, length);
    if (size === 0) {
      at++;
      continue;
    }
    if (at > start) yield [start, at];
    let end = at + 1;
    // The header may claim more than there is: of a certificate that was cut off, a key may follow.
    while (end < Math.min(length, at + size) && gap[end] !== hardGap) {
      if (end >= at + headDigits && privateDigits(codes, end, length) > 0) break;
      end++;
    }
    start = end;
    at = end;
  }
}

/** Digits within which a SEQUENCE of the object itself may look like a private key: that of a short request does. */
const headDigits = 8;

/** How many digits a public object has that begins here; 0 where none does. */
function publicDigits(codes: Uint8Array, at: number, length: number): number {
  // A SEQUENCE begins so: M, and A to I.
  const second = codes[at + 1] ?? 0;
  if (codes[at] !== 0x4d || second < 0x41 || second > 0x49) return 0;
  const head = Buffer.from(codes.subarray(at, Math.min(length, at + Math.ceil((telling * 4) / 3))));
  const bytes = publicLength(Buffer.from(head.toString('latin1'), 'base64'));
  return bytes === undefined ? 0 : Math.ceil((bytes * 4) / 3);
}

/** Parts of a stretch with nothing between their digits. */
export function piecesOf({ gap }: Digits, [start, end]: Range): Range[] {
  const pieces: Range[] = [];
  let from = start;
  for (let at = start + 1; at <= end; at++) {
    if (at < end && gap[at] === noGap) continue;
    pieces.push([from, at]);
    from = at;
  }
  return pieces;
}

/** A piece without those components of a path that are words (`var`, `folders`): base64 has none by chance. */
export function componentsOf({ codes }: Digits, [start, end]: Range): Range[] {
  const found: Range[] = [];
  let [from, component, isWord] = [start, start, true];
  for (let at = start; at <= end; at++) {
    const code = codes[at] ?? 0;
    if (at < end && !isJoint(code)) {
      isWord &&= isLower(code);
      continue;
    }
    if (isWord && at - component >= 3) {
      if (component > from) found.push([from, component]);
      from = at;
    }
    [component, isWord] = [at + 1, true];
  }
  if (end > from) found.push([from, end]);
  return found;
}
