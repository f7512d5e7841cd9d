import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts';

/** `code file:line message`, with files as the checkout sees them. */
export const said = (root: string, diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ code, severity, message, place }) => {
    const where = place && `${place.file.replace(`${root}/`, '')}${place.line === undefined ? '' : `:${place.line}`}`;
    return [severity, code, ...(where === undefined ? [] : [where]), message].join(' ').replaceAll(`${root}/`, '');
  });
