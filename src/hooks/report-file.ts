import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ReportFile {
  readonly path: string;
  remove(): void;
}

/** Writes a report where nobody else can read it. Throws what the system says where that is not possible. */
export function writeReportFile(report: unknown): ReportFile {
  const folder = mkdtempSync(join(tmpdir(), 'at-pki-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, 'report.json');
  try {
    writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}
