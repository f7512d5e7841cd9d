import { relative, sep } from 'node:path';
import type { AnyCode } from '../checks/catalogue.ts';
import {
  type Diagnostic,
  endColumnOf,
  isError,
  type Place,
  type Related,
  textOf,
} from '../core/diagnostics/diagnostic.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import { masked } from '../core/door.ts';
import type { Kind } from '../formats/format.ts';
import type { BuildResult, DeviceResult, FileResult, PartitionResult } from './result.ts';

/** The report of `build` as JSON has it and as the library returns it. Paths are relative to `cwd`, with `/`. */
export interface BuildReport {
  readonly version: 1;
  /** No error was found: the exit code is 0. */
  readonly ok: boolean;
  readonly command: string;
  readonly durationMs: number;
  /** Absolute: what every path in the report is relative to. */
  readonly cwd: string;
  readonly config?: string;
  readonly module?: string;
  readonly partitions: readonly PartitionReport[];
  /** The binary partition table that goes with the images. */
  readonly table?: FileReport;
  /** Other files that were written, such as flash_args. */
  readonly files: readonly FileReport[];
  /** The board that the images went to. */
  readonly device?: DeviceResult;
  readonly diagnostics: readonly DiagnosticReport[];
}

/** A partition as it came out. `offset`, `size` and `used` are bytes. */
export interface PartitionReport extends Omit<PartitionResult, 'items' | 'hash'> {
  /** Hex digits. */
  readonly sha256?: string;
  readonly items: readonly ItemReport[];
}

export interface ItemReport {
  readonly type: Kind;
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  /** Its place in an NVS image. */
  readonly namespace?: string;
  readonly key?: string;
  readonly file?: string;
  /** What was changed in the file, each as a clause. */
  readonly normalized?: readonly string[];
}

export interface FileReport extends Omit<FileResult, 'hash'> {
  /** Hex digits. */
  readonly sha256?: string;
}

interface PlaceReport {
  readonly file?: string;
  /** Counted from 1, like `column` and `endColumn`. */
  readonly line?: number;
  readonly column?: number;
  /** The column behind the last one that is meant. */
  readonly endColumn?: number;
}

export interface DiagnosticReport extends PlaceReport {
  readonly code: AnyCode;
  readonly severity: Severity;
  readonly message: string;
  readonly partition?: string;
  readonly hint?: string;
  /** Other places that it is about. */
  readonly deviceCodes?: readonly string[];
  readonly related?: readonly RelatedReport[];
}

export interface RelatedReport extends PlaceReport {
  readonly message: string;
}

export function toReport(result: BuildResult): BuildReport {
  const { cwd, command, diagnostics } = result;
  // A program that calls the library, or a hook that reads the report, may well print it.
  return masked({
    version: 1,
    ok: !diagnostics.some(isError),
    command,
    ...buildFields(result),
    diagnostics: diagnostics.map((found) => diagnosticReport(found, cwd)),
  });
}

/** Returns the fields of a report that are those of a build alone. */
export function buildFields(result: BuildResult): Omit<BuildReport, 'version' | 'ok' | 'command' | 'diagnostics'> {
  const { cwd, durationMs, config, module, partitions, table, files, device } = result;
  return {
    durationMs,
    cwd,
    config: config ? shownPath(config, cwd) : undefined,
    module,
    partitions: partitions.map((partition) => partitionReport(partition, cwd)),
    table: table ? fileReport(table, cwd) : undefined,
    files: files.map((file) => fileReport(file, cwd)),
    device: device ? { ...device, backup: device.backup ? shownPath(device.backup, cwd) : undefined } : undefined,
  };
}

function partitionReport({ items, file, ...rest }: PartitionResult, cwd: string): PartitionReport {
  const { name, format, offset, size, used, hash, status, reason, room, flash } = rest;
  return {
    name,
    format,
    file: shownPath(file, cwd),
    offset,
    size,
    used,
    sha256: hash?.sha256,
    status,
    reason,
    room,
    flash,
    items: items.map(({ kind, id, offset: at, length, namespace, key, name: source, normalized }) => ({
      type: kind,
      id,
      offset: at,
      length,
      namespace,
      key,
      file: source,
      normalized,
    })),
  };
}

const fileReport = ({ file, offset, hash, status, flash }: FileResult, cwd: string): FileReport => ({
  file: shownPath(file, cwd),
  offset,
  sha256: hash?.sha256,
  status,
  flash,
});

export function diagnosticReport(one: Diagnostic, cwd: string): DiagnosticReport {
  const { code, severity, place, partition, hint, related, deviceCodes } = one;
  return {
    // Every code is in one of the two lists.
    code: code as AnyCode,
    severity,
    message: textOf(one),
    ...placeReport(place, cwd),
    partition,
    hint,
    deviceCodes,
    related: related?.map(({ message, place: other }: Related) => ({ message, ...placeReport(other, cwd) })),
  };
}

const placeReport = (place: Place | undefined, cwd: string): PlaceReport => ({
  file: place ? shownPath(place.file, cwd) : undefined,
  line: place?.line,
  column: place?.column,
  endColumn: place && endColumnOf(place),
});

/** A path as reports show it: relative to the working folder, with `/`; absolute where it lies on another drive. */
export const shownPath = (path: string, cwd: string): string => (relative(cwd, path) || '.').split(sep).join('/');
