import { catalogue, isAdjustable } from '../checks/catalogue.ts';

/** Returns the table of codes as the README has it: one source for both, and a test that holds them together. */
export function codesTable(): string[] {
  const rows = catalogue().map(
    ([code, { severity, summary }]) =>
      `| \`${code}\` | ${severity}${isAdjustable(code) ? '' : ', always'} | ${summary} |`,
  );
  return ['| code | severity | |', '|---|---|---|', ...rows];
}
