import type { LevelSettings, Levels } from '../checks/severity.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { PortName } from '../core/port-name.ts';
import type { Span } from '../core/range.ts';
import { everyMbedTls, type MbedTls } from '../firmware/mbedtls.ts';
import type { TableEntry } from '../partition-table/model.ts';
import type { Program } from '../programs/run.ts';
import type { Partition } from '../sources/partition.ts';

/**
 * What is to be built, fully resolved: every default filled in, every path absolute, every number in bytes.
 * Made from a config (from-config/) or from an esp-at checkout (from-checkout/); from here on the
 * pipeline does not know which.
 */
export interface Project {
  /** Folder of the config, or root of the checkout. */
  readonly root: string;
  /** The config file it came from, where there was one. */
  readonly configFile?: string;
  /** Name of the module of the checkout, e.g. `module_esp32_default`. */
  readonly module?: string;
  readonly outDir: string;
  readonly partitions: readonly Partition[];
  /** The customized partition table that tells the firmware where the partitions are. */
  readonly table?: CustomizedTable;
  /** Spans that partitions must not touch, e.g. the firmware's own partitions. */
  readonly occupied: readonly Span[];
  readonly flash: FlashSettings;
  readonly device: DeviceSettings;
  readonly hooks: Hooks;
  readonly checks: CheckSettings;
  /** Partitions for certificates that are not built, each with its reason: rows of the report. */
  readonly skipped: readonly SkippedPartition[];
  /** Names of the table's partitions that are not for certificates. */
  readonly leftAlone: readonly string[];
  /**
   * Files and folders that said all this, apart from the config; of folders their names and files, not what lies
   * deeper. Those that are not there may appear. For whoever watches.
   */
  readonly origins: readonly string[];
}

/** What the checks go by. */
export interface CheckSettings {
  /** The release of ESP-AT, e.g. `v3.2`; absent where nothing says it. */
  readonly release?: string;
  /** The mbedTLS that it may have. */
  readonly mbedTls: readonly MbedTls[];
  /** Days. */
  readonly expiresWithin: number;
  readonly levels: Omit<LevelSettings, 'commandLine'>;
}

/** The checks of a project that says nothing of them. */
export const defaultChecks: CheckSettings = {
  mbedTls: everyMbedTls,
  expiresWithin: 30,
  levels: { config: {}, partitions: new Map(), files: new Map() },
};

/** The severities of a project, where there is one, with those of the command line before them. */
export const severitiesOf = (project: Pick<Project, 'checks'> | undefined, commandLine: Levels): LevelSettings => ({
  ...(project?.checks ?? defaultChecks).levels,
  commandLine,
});

export interface SkippedPartition {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** Why, as a clause: `there is no folder raw_data/wpa2_ca`. */
  readonly reason: string;
}

/** The `at_customize` table: rows, the CSV they came from, and the region that holds table and partitions. */
export interface CustomizedTable {
  readonly csv: string;
  readonly entries: readonly TableEntry[];
  /** Where the binary table is written. */
  readonly file: string;
  /** Where in the flash the binary table belongs, in bytes; absent where nothing says it. */
  readonly offset?: number;
  /** The `at_customize` region of the main table; its first sector holds the binary table. */
  readonly region?: Span;
}

/** What esptool wants to know; absent: left as the device has it. */
export interface FlashSettings {
  readonly chip?: string;
  readonly mode?: string;
  readonly frequency?: string;
  /** Bytes. */
  readonly size?: number;
}

/** How to get at the device; what is absent has the default of the command line. */
export interface DeviceSettings {
  readonly port?: PortName;
  readonly baud?: number;
  /** `a0:b1:c2:d3:e4:f5`, in lower case. */
  readonly mac?: string;
  readonly before?: 'default-reset' | 'no-reset';
  readonly after?: 'hard-reset' | 'no-reset';
  /** Offset of the main partition table in the flash. */
  readonly partitionTable?: number;
  /** The user's own esptool and its first arguments. */
  readonly esptool?: readonly [string, ...string[]];
}

/** Programs of the user that run along the way, in `root`. */
export interface Hooks {
  readonly preBuild?: Program;
  readonly postBuild?: Program;
  readonly postFlash?: Program;
}

/** A project, as far as it could be made out, and what there is to say about it. */
export interface Resolved {
  readonly project?: Project;
  readonly diagnostics: readonly Diagnostic[];
}
