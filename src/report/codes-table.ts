import { adjustableCodes } from '../checks/severity.ts';
import { type Code, codes } from '../core/diagnostics/codes.ts';

/** The table of codes as the README has it: one source for both, and a test that holds them together. */
export function codesTable(): string[] {
  const rows = (Object.keys(codes) as Code[]).map((code) => {
    const { severity, summary } = codes[code];
    return `| \`${code}\` | ${severity}${adjustableCodes.includes(code) ? '' : ', always'} | ${summary} |`;
  });
  return ['| code | severity | |', '|---|---|---|', ...rows];
}
