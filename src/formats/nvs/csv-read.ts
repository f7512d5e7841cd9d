import type { Code } from '../../core/diagnostics/codes.ts';
import { type Coded, type Diagnostic, diagnostic, isError, type Place } from '../../core/diagnostics/diagnostic.ts';
import { rememberKeys } from '../../core/mask.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type CsvRow, rowsOf, type Spot } from './csv-rows.ts';
import { encodingHint, isEncoding, valueFrom } from './csv-value.ts';
import type { NvsVersion } from './layout.ts';
import type { NvsContent, NvsEntry, NvsProblem, NvsValue } from './model.ts';
import { textOf } from './pages.ts';
import { validate } from './validate.ts';

export interface CsvSource {
  /** Path of the CSV, for the places of diagnostics. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The NVS version whose limits hold; 2 unless told otherwise. */
  readonly version?: NvsVersion;
  /** Reads what a row of type `file` names; the name is as it stands in the CSV. */
  readonly readFile: ReadFile;
}

export type ReadFile = (name: string) => Result<Uint8Array, Mistake>;

export interface Mistake {
  readonly code: Code | Coded;
  readonly message: string;
  readonly hint?: string;
}

export interface NvsCsv {
  /** Complete only if no diagnostic is an error. */
  readonly content: NvsContent;
  /** For each entry of the content, where its key stands. */
  readonly places: readonly Place[];
  /** In the order of their places, which leave out the text of the line: values may be secret. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a CSV of nvs_partition_gen.py. Every mistake is a diagnostic with line and column; none stops the reading. */
export function readCsv({ file, bytes, version = 2, readFile }: CsvSource): NvsCsv {
  const diagnostics: Diagnostic[] = [];
  const report = (at: Spot, { code, message, hint }: Mistake, severity?: 'error' | 'warning') => {
    const place = placeIn(file, at);
    diagnostics.push(diagnostic(code, message, { place, severity, hint }));
  };
  const text = textOf(bytes);
  if (text === undefined) {
    report(firstInvalid(bytes), { code: 'nvs-csv', message: 'this is no UTF-8', hint: 'save the CSV as UTF-8' });
    return { content: { entries: [] }, places: [], diagnostics };
  }

  rememberKeys(text);
  const { rows, problems } = rowsOf(text.replace(/^\ufeff/, ''));
  for (const problem of problems) report(problem, { code: 'nvs-csv', ...problem }, problem.severity);

  const namespaces: string[] = [];
  const namespaceSpots = new Map<string, Spot>();
  const entries: NvsEntry[] = [];
  const rowOf: CsvRow[] = [];
  for (const row of rows) {
    const key = row.key?.text ?? '';
    if (row.type === 'namespace') {
      namespaces.push(key);
      // Of two rows the second, which is the one at fault.
      namespaceSpots.set(key, row.key ?? row.end);
      continue;
    }
    const value = valueIn(row, readFile);
    if (value.ok) {
      entries.push({ namespace: namespaces.at(-1) ?? '', key, ...value.value });
      rowOf.push(row);
    } else report(value.error.at, value.error);
  }

  const spotOf = ({ entry, field, namespace = '' }: NvsProblem): Spot => {
    const row = entry === undefined ? undefined : rowOf[entry];
    if (row === undefined) return namespaceSpots.get(namespace) ?? { line: 1, column: 1 };
    return (field === 'value' ? row.value : row.key) ?? row.end;
  };
  const content = { namespaces, entries };
  for (const problem of validate(content, version)) {
    const first = problem.first === undefined ? undefined : rowOf[problem.first]?.key;
    report(spotOf(problem), first ? { ...problem, hint: `the first one is in line ${first.line}` } : problem);
  }
  const orderOf = ({ place }: Diagnostic): [number, number] => [place?.line ?? 0, place?.column ?? 0];
  diagnostics.sort((a, b) => {
    const [[aLine, aColumn], [bLine, bColumn]] = [orderOf(a), orderOf(b)];
    return aLine - bLine || aColumn - bColumn;
  });
  return { content, places: rowOf.map((row) => placeIn(file, row.key ?? row.end)), diagnostics };
}

/** Whether the content is complete. */
export const isReadable = ({ diagnostics }: NvsCsv): boolean => !diagnostics.some(isError);

function valueIn({ type, encoding, value, end }: CsvRow, readFile: ReadFile): Result<NvsValue, Mistake & { at: Spot }> {
  if (encoding === undefined || !isEncoding(encoding.text)) {
    const message = encoding ? `${JSON.stringify(encoding.text)} is no encoding` : 'the row has no encoding';
    return fail({ code: 'nvs-csv', message, hint: encodingHint(encoding?.text ?? ''), at: encoding ?? end });
  }
  if (value === undefined) {
    const hint = 'an empty one needs its comma all the same';
    return fail({ code: 'nvs-csv', message: 'the row has no value', hint, at: end });
  }
  const source = type === 'file' ? readFile(value.text) : ok(value.text);
  if (!source.ok) return fail({ ...source.error, at: value });
  const result = valueFrom(source.value, encoding.text);
  return result.ok ? result : fail({ code: 'nvs-value', ...result.error, at: value });
}

function placeIn(file: string, { line, column, length }: Spot): Place {
  return { file, line, column, length };
}

/** Where bytes stop being UTF-8. */
function firstInvalid(bytes: Uint8Array): Spot {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let from = 0, line = 1; ; line++) {
    const next = bytes.indexOf(0x0a, from);
    const one = bytes.subarray(from, next < 0 ? bytes.length : next);
    if (textOf(one) === undefined) return { line, column: lenient.decode(one).indexOf('\ufffd') + 1 };
    if (next < 0) return { line, column: 1 };
    from = next + 1;
  }
}
