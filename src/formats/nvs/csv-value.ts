import { fail, ok, type Result } from '../../core/result.ts';
import { didYouMean } from '../../core/text.ts';
import { type IntegerType, integerTypes, isBig, isInteger, type NvsValue } from './model.ts';
import { textOf } from './pages.ts';

/** The encodings of nvs_partition_gen.py: how a value is written, and with it which NVS type it becomes. */
export const encodings = [...integerTypes, 'string', 'hex2bin', 'base64', 'binary'] as const;
export type Encoding = (typeof encodings)[number];

export const isEncoding = (text: string): text is Encoding => encodings.some((one) => one === text);

export interface ValueProblem {
  readonly message: string;
  readonly hint?: string;
}

/**
 * The NVS value that a text or the content of a file stands for. Whether an integer is in range and a string short
 * enough is checked with the whole content. The value itself is never quoted: it may be secret.
 */
export function valueFrom(source: string | Uint8Array, encoding: Encoding): Result<NvsValue, ValueProblem> {
  if (typeof source === 'string' && loneSurrogate.test(source)) {
    return fail({ message: `${encoding} takes no half of a surrogate pair: it is not a valid Unicode text` });
  }
  if (encoding === 'binary') {
    return ok({ type: 'blob', value: typeof source === 'string' ? new TextEncoder().encode(source) : source });
  }
  const text = typeof source === 'string' ? source : textOf(source);
  // A string that is no UTF-8 goes into the image as it is; the reference stops at it.
  if (encoding === 'string') return ok({ type: 'string', value: text ?? source });
  if (text === undefined) return fail({ message: `${encoding} is a text, and this file is none` });
  if (isInteger(encoding)) return integerFrom(text.trim(), encoding);
  return encoding === 'hex2bin' ? bytesFromHex(text.trim()) : bytesFromBase64(text);
}

const loneSurrogate = /[\ud800-\udfff]/u;

function integerFrom(text: string, type: IntegerType): Result<NvsValue, ValueProblem> {
  if (text === '') return fail({ message: `${type} needs a number` });
  if (!/^[+-]?\d{1,40}$/.test(text)) {
    const hint = /^[+-]?0x[0-9a-f]{1,16}$/i.test(text)
      ? `write it as ${BigInt(text.replace(/^[+-]/, ''))}`
      : 'digits alone, with a sign if need be';
    return fail({ message: `${type} needs a whole decimal number`, hint });
  }
  const value = BigInt(text.replace('+', ''));
  return ok(isBig(type) ? { type, value } : { type, value: Number(value) });
}

function bytesFromHex(text: string): Result<NvsValue, ValueProblem> {
  const wrong = text.search(/[^0-9a-f]/i);
  if (wrong >= 0) {
    const hint = /^0x/i.test(text) ? 'leave out the 0x' : undefined;
    return fail({ message: `hex2bin has no hexadecimal digit at character ${wrong + 1}`, hint });
  }
  if (text.length % 2 > 0) return fail({ message: `hex2bin needs two digits for each byte; ${text.length} is odd` });
  return ok({ type: 'blob', value: new Uint8Array(Buffer.from(text, 'hex')) });
}

function bytesFromBase64(spaced: string): Result<NvsValue, ValueProblem> {
  const text = spaced.replace(/\s+/g, '');
  const wrong = text.replace(/={1,2}$/, '').search(/[^A-Za-z0-9+/]/);
  if (wrong >= 0) return fail({ message: `base64 has a character of another alphabet at ${wrong + 1}` });
  if (text.length % 4 > 0) {
    const message = `base64 comes in groups of 4 characters, and ${text.length} are no whole number of them`;
    return fail({ message, hint: 'is "=" missing at the end?' });
  }
  return ok({ type: 'blob', value: new Uint8Array(Buffer.from(text, 'base64')) });
}

/** The hint that goes with an encoding that does not exist. */
export function encodingHint(text: string): string {
  const meant = encodings.find((one) => one === text.trim().toLowerCase());
  if (meant) return `write it exactly as ${JSON.stringify(meant)}`;
  return didYouMean(text, encodings) ?? `there are ${encodings.join(', ')}`;
}
