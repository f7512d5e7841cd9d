import type { LevelSettings, Levels } from '../checks/severity.ts';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import type { Span } from '../core/span.ts';
import type { Kind } from '../formats/format.ts';
import type { FormatName } from '../formats/index.ts';
import type { NvsVersion } from '../formats/nvs/layout.ts';
import type { NvsEntry, NvsProfile } from '../formats/nvs/model.ts';
import type { TableEntry } from '../formats/partition-table.ts';
import type { Program } from '../programs/run.ts';

/**
 * What is to be built, fully resolved: every default filled in, every path absolute, every number in bytes.
 * Made from a config (config/resolve.ts) or from an esp-at checkout (esp-at/checkout.ts); from here on the
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
  /** Days. */
  readonly expiresWithin: number;
  readonly levels: Omit<LevelSettings, 'commandLine'>;
}

/** The checks of a project that says nothing of them. */
export const defaultChecks: CheckSettings = {
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

export interface Partition {
  readonly name: string;
  readonly format: FormatName;
  /** Where the image is written. */
  readonly file: string;
  /** Absent only where nothing says it: the image can be built, not flashed. */
  readonly offset?: number;
  readonly size: number;
  readonly sources: readonly Source[];
  /** Each file gets a NUL at its end. */
  readonly nul?: boolean;
  /** How its files are changed on their way into the image; those of an NVS image by namespace. */
  readonly normalize?: Normalize;
  /** What an NVS image is made of; then there are no `sources`. */
  readonly nvs?: NvsPlan;
  /** Free bytes to warn below. */
  readonly headroom?: number;
  /** Where the partition is declared: a line of the config or of the table. */
  readonly place?: Place;
}

export interface NvsPlan {
  readonly profile: NvsProfile;
  readonly version: NvsVersion;
  /** `reference` names keys as esp-at's own build does, also where the firmware would not find them. */
  readonly naming: 'firmware' | 'reference';
  /** In the order in which they stand in the image. */
  readonly namespaces: readonly NamespacePlan[];
}

export interface NamespacePlan {
  readonly name: string;
  /** Kind of its content to the firmware; by its name if absent. */
  readonly kind?: Kind;
  /** Files that become blobs, by the keys that the firmware looks up. */
  readonly sources: readonly Source[];
  readonly normalize?: Normalize;
  /** Each file gets a NUL at its end. */
  readonly nul: boolean;
  /** Values behind the files. */
  readonly values: readonly ValuePlan[];
  readonly place?: Place;
}

/** A value, and where the config has it. */
export type ValuePlan = NvsEntry & { readonly place?: Place };

/** How files are changed, as the config says it; an absent property leaves them as they are. */
export interface Normalize {
  readonly pem?: 'canonical';
  readonly chain?: 'sorted';
  readonly preamble?: 'strip';
  /** `env`: the variable that holds the password of encrypted keys. */
  readonly password?: { readonly env: string };
}

/** Where content comes from. */
export type Source = SourceSpec | ProgramSource | VariableSource;

/** What a program prints. */
export interface ProgramSource {
  readonly kind: Kind;
  /** The program and its arguments, which may be secrets: never shown. */
  readonly exec: readonly string[];
  /** The absolute folder that it is run in. */
  readonly folder: string;
  /** Seconds. */
  readonly timeout: number;
  readonly place?: Place;
}

/** What an environment variable holds. */
export interface VariableSource {
  readonly kind: Kind;
  readonly env: string;
  readonly place?: Place;
}

/** A source as the user named it: a file, a folder or a glob. */
export interface SourceSpec {
  readonly kind: Kind;
  /** The absolute folder that `path` is relative to. */
  readonly base: string;
  /** As written. A glob only where no such file exists and it has a glob's characters. */
  readonly path: string;
  /** Never a glob. */
  readonly literal?: true;
  /** How several files of a folder or glob are ordered. */
  readonly order: 'name' | 'natural';
  readonly place?: Place;
}

export const isPathSource = (source: Source): source is SourceSpec => 'path' in source;

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
  readonly port?: string;
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
