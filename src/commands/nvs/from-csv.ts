import { dirname, resolve } from 'node:path';
import { type Diagnostic, diagnostic, isError, type Place } from '../../core/diagnostics/diagnostic.ts';
import { append } from '../../core/lists.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { printable } from '../../core/text.ts';
import { kindOfPath } from '../../files/path-kind.ts';
import { readFile } from '../../formats/input.ts';
import { type ReadFile, readCsv } from '../../formats/nvs/csv-read.ts';
import { encode, type NvsImage } from '../../formats/nvs/encode.ts';
import type { NvsContent, NvsEntry, NvsProblem, NvsSettings } from '../../formats/nvs/model.ts';
import { namespacesOf } from '../../formats/nvs/model.ts';

export interface FromCsv extends NvsImage {
  readonly content: NvsContent;
  /** Warnings alone. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes the image of one or more CSVs, which are read one after the other into the same namespaces. */
export function imageFromCsv(
  cwd: string,
  names: readonly string[],
  settings: Required<NvsSettings>,
): Result<FromCsv, readonly Diagnostic[]> {
  const namespaces = new Set<string>();
  const entries: NvsEntry[] = [];
  const places: Place[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const name of names) {
    const content = readFile(cwd, name);
    if (!content.ok) return fail([...diagnostics, content.error]);
    const file = resolve(cwd, name);
    const { version } = settings;
    const csv = readCsv({ file, bytes: content.value, version, readFile: readFrom(cwd, name) });
    append(diagnostics, csv.diagnostics);
    for (const namespace of namespacesOf(csv.content)) namespaces.add(namespace);
    append(entries, csv.content.entries);
    append(places, csv.places);
  }
  if (diagnostics.some(isError)) return fail(diagnostics);
  const content = { namespaces: [...namespaces], entries };
  const encoded = encode(content, settings);
  if (encoded.ok) return ok({ ...encoded.value, content, diagnostics });
  const whole = { file: resolve(cwd, names[0] ?? '') };
  const placeOf = ({ entry }: NvsProblem): Place => (entry === undefined ? undefined : places[entry]) ?? whole;
  const problems = encoded.error.map((problem) => {
    const { code, message, hint } = problem;
    return diagnostic(code, message, { place: placeOf(problem), hint });
  });
  return fail([...diagnostics, ...problems]);
}

/** Files of a CSV: from the working folder, as the reference takes them, else from the CSV's own. */
function readFrom(cwd: string, csv: string): ReadFile {
  const folder = dirname(resolve(cwd, csv));
  return (name) => {
    const isIn = (from: string) => kindOfPath(resolve(from, name)) !== 'absent';
    const isBeside = !isIn(cwd) && isIn(folder);
    const content = readFile(isBeside ? folder : cwd, name);
    if (content.ok) return content;
    const { message, hint } = content.error;
    if (content.error.code !== 'source-missing' || folder === resolve(cwd) || isIn(folder) || isIn(cwd)) {
      return fail({ code: content.error, message, hint });
    }
    const missing = `${printable(name)} is neither in the working folder, ${cwd}, nor in that of the CSV, ${folder}`;
    return fail({ code: content.error, message: missing, hint: hint?.startsWith('did you mean') ? hint : undefined });
  };
}
