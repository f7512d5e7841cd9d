import type { Diagnostic } from '../core/diagnostic.ts';
import type { Item } from '../formats/format.ts';
import type { NvsRoom } from '../formats/nvs/room.ts';
import type { Project } from '../plan/project.ts';

/**
 * `built`: written now. `unchanged`: equal to what was there. `stale`: differs (--check). `planned`: would be written
 * (--dry-run). `failed`: errors stand in the way. `skipped`: not made, `reason` says why.
 */
export type Status = 'built' | 'unchanged' | 'stale' | 'planned' | 'failed' | 'skipped';

export interface PartitionResult {
  readonly name: string;
  readonly format: string;
  /** Absolute here, relative in a report. */
  readonly file: string;
  readonly offset?: number;
  readonly size: number;
  readonly used?: number;
  readonly sha256?: string;
  readonly status: Status;
  readonly reason?: string;
  readonly items: readonly Item[];
  /** How full an NVS image is. */
  readonly room?: NvsRoom;
}

/** A file written beside the images: the binary partition table, the arguments for esptool. */
export interface FileResult {
  /** Absolute. */
  readonly file: string;
  readonly offset?: number;
  readonly sha256?: string;
  readonly status: Status;
}

/** What a run of the pipeline came to: the one object that every reporter prints. */
export interface BuildResult {
  readonly command: string;
  /** The folder that paths in a report are relative to. */
  readonly cwd: string;
  readonly config?: string;
  readonly module?: string;
  readonly durationMs: number;
  readonly partitions: readonly PartitionResult[];
  readonly table?: FileResult;
  readonly files: readonly FileResult[];
  readonly diagnostics: readonly Diagnostic[];
  /** What was built, for what goes on from there; absent where it could not be made out. Not in reports. */
  readonly project?: Project;
}

/** A run that came to nothing but diagnostics. */
export const emptyResult = (command: string, cwd: string, diagnostics: readonly Diagnostic[]): BuildResult => ({
  ...{ command, cwd, durationMs: 0 },
  ...{ partitions: [], files: [], diagnostics },
});
