import type { LevelSettings } from '../checks/severity.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Item, Room } from '../formats/format.ts';
import { type Project, severitiesOf } from '../project/project.ts';
import type { Image, ImageHash } from './image.ts';

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
  readonly status: Status;
  readonly reason?: string;
  readonly items: readonly Item[];
  /** How full an NVS image is. */
  readonly room?: Room;
  /** Of the image; absent where there is none. */
  readonly hash?: ImageHash;
  /** What writing it to a device came to. */
  readonly flash?: FlashedPartition;
}

/** What was done to a partition of a device. */
export interface FlashedPartition {
  /** `same`: the device had it already. `written`: and verified. `failed`: begun and not finished. */
  readonly status: 'same' | 'written' | 'failed';
  /** Each counted once, also where it took several attempts. */
  readonly sectorsErased: number;
  readonly bytesWritten: number;
  /** Bytes of the image that the device had already. */
  readonly bytesSkipped: number;
  /** Of what the device holds there now, as it says itself. */
  readonly md5?: string;
  /** Values that only the device had, and that it keeps. */
  readonly valuesKept?: number;
}

/** The board that a run spoke with. */
export interface DeviceResult {
  readonly port: string;
  readonly chip: string;
  readonly mac: string;
  /** Bytes. */
  readonly flashSize: number;
  readonly durationMs: number;
  /** The absolute folder with what was there before; absent where nothing was written. */
  readonly backup?: string;
}

/** A file written beside the images: the binary partition table, the arguments for esptool. */
export interface FileResult {
  /** Absolute. */
  readonly file: string;
  readonly offset?: number;
  readonly status: Status;
  /** Of the table. */
  readonly hash?: ImageHash;
  readonly flash?: FlashedPartition;
}

/** What a run of the pipeline came to: the one object that every reporter prints. Data alone, as JSON has it. */
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
  readonly device?: DeviceResult;
  readonly diagnostics: readonly Diagnostic[];
}

/** A run of the pipeline, for what goes on from there: hooks, a device, the next build. */
export interface Build extends BuildResult {
  /** The severities of the diagnostics, these and any that are added. */
  readonly severities: LevelSettings;
  /** Absent where it could not be made out. */
  readonly project?: Project;
  /** Those that may go to a device. */
  readonly images?: readonly Image[];
  /** When the checks may say something else although nothing changed. Milliseconds since 1970. */
  readonly until?: number;
}

/** A run that came to nothing but diagnostics. */
export const emptyResult = (command: string, cwd: string, diagnostics: readonly Diagnostic[]): Build => ({
  ...{ command, cwd, durationMs: 0 },
  ...{ partitions: [], files: [], diagnostics },
  severities: severitiesOf(undefined, {}),
});
