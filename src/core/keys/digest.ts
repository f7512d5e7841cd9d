import { type Digits, hardGap } from './digits.ts';

/** Bits of the digests that a name announces, `SHA256:…` of SSH or `sha512-…` of a lock file. */
const announced =
  /(?<![a-z0-9])(?:md5|sha-?(1|224|256|384|512))[-:/=]([A-Za-z0-9+/_-]{22,})(?==|(?![A-Za-z0-9+/_-]))/gi;
const zero = 0x30;

/** Hexadecimal digits of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512. */
export const digestLengths: ReadonlySet<number> = new Set([32, 40, 56, 64, 96, 128]);

/** Turns the digits of announced digests into zeros, which are like no key. A digest in base64 is as mixed as one. */
export function hideDigests(text: string, { length, codes, from, gap }: Digits): void {
  let at = 0;
  for (const { index, 0: whole, 1: bits, 2: digest = '' } of text.matchAll(announced)) {
    const bytes = bits === undefined ? 16 : bits === '1' ? 20 : Number(bits) / 8;
    if (digest.length !== Math.ceil((bytes * 4) / 3)) continue;
    const end = index + whole.length;
    while (at < length && (from[at] ?? 0) < end - digest.length) at++;
    gap[at] = hardGap;
    for (; at < length && (from[at] ?? 0) < end; at++) codes[at] = zero;
    if (at < length) gap[at] = hardGap;
  }
}
