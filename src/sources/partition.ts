import type { Place } from '../core/diagnostics/diagnostic.ts';
import type { Kind, StoredAs } from '../formats/format.ts';
import type { FormatName } from '../formats/index.ts';
import type { Target } from '../formats/target.ts';

export interface Partition extends Content {
  readonly name: string;
  readonly format: FormatName;
  /** Where the image is written. */
  readonly file: string;
  /** Absent only where nothing says it: the image can be built, not flashed. */
  readonly offset?: number;
  readonly size: number;
  /** Each file gets a NUL at its end. */
  readonly nul?: boolean;
  /** Changes to its files on their way into the image; each namespace has its own. */
  readonly normalize?: Normalize;
  /** Free bytes to warn below. */
  readonly headroom?: number;
  /** Where the partition is declared: a line of the config or of the table. */
  readonly place?: Place;
}

/** Content of an image, and the settings of its format. */
export interface Content extends Pick<Target, 'settings'> {
  readonly sources: readonly Source[];
  /** In the order in which they stand in the image, of a format that has namespaces; then there are no `sources`. */
  readonly namespaces?: readonly NamespacePlan[];
}

/** Names of keys: those that the firmware looks up, or those of esp-at's own build, even if the firmware never finds them. */
export type Naming = 'firmware' | 'reference';

export interface NamespacePlan {
  readonly name: string;
  /** Kind of its content to the firmware; by its name if absent. */
  readonly kind?: Kind;
  /** Files that become blobs. */
  readonly sources: readonly Source[];
  /** The keys of files. Default: `firmware`. */
  readonly naming?: Naming;
  readonly normalize?: Normalize;
  /** Each file gets a NUL at its end. */
  readonly nul: boolean;
  /** Values behind the files. */
  readonly values: readonly ValuePlan[];
  readonly place?: Place;
}

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

/** Returns all sources of a partition, wherever in its image they go. */
export const sourcesOf = ({ sources, namespaces = [] }: Content): readonly Source[] => [
  ...sources,
  ...namespaces.flatMap((namespace) => namespace.sources),
];

export const isPathSource = (source: Source): source is SourceSpec => 'path' in source;

/** A value, and where the config has it. */
export interface ValuePlan extends Omit<StoredAs, 'namespace'> {
  /** The content that an entry of it has. */
  readonly bytes: Uint8Array;
  readonly place?: Place;
}
