import type { CodeInfo } from '../core/diagnostics/code.ts';
import { type Code, codeInfo, codes } from '../core/diagnostics/codes.ts';
import { type CheckCode, checks } from './index.ts';

/** Every code of a diagnostic. */
export type AnyCode = Code | CheckCode;

/** Returns what is known of a code, whoever raises it; undefined where there is none of that name. */
export const infoOf = (code: string): CodeInfo | undefined =>
  codeInfo(code) ?? checks.find((check) => check.code === code);

/** Returns every code with what is known of it: those of checks after all others. */
export const catalogue = (): readonly (readonly [code: string, info: CodeInfo])[] => [
  ...Object.entries<CodeInfo>(codes),
  ...checks.map((check) => [check.code, check] as const),
];

/**
 * Returns true for a code whose severity may be changed: what the checks find, and all warnings and notes. An image that
 * cannot be packed or does not fit stays an error.
 */
export const isAdjustable = (code: string): boolean => {
  const info = codeInfo(code);
  return info === undefined ? infoOf(code) !== undefined : info.severity !== 'error';
};
