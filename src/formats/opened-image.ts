import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { NewFile } from '../files/write-files.ts';
import type { Description } from '../pki/describe.ts';
import type { ImageNode } from './image-node.ts';

/** The options of the command line that concern an image. All may be left out. */
export interface OpenRequest {
  /** The folder that `key` is relative to. */
  readonly cwd: string;
  /** The key file of an encrypted image. */
  readonly key?: string;
  /** Where it lies, as written. */
  readonly offset?: string;
  readonly size?: string;
}

/** An image that was opened: what there is to see in it. */
export interface OpenedImage {
  readonly nodes: readonly ImageNode[];
  /** What is damaged, and where the image was found. */
  readonly diagnostics: readonly Diagnostic[];
  /** Says what it is, in a few words: `atpki, 2 items, 2,344 bytes`. */
  readonly summary: string;
  /** Says what is in it, line by line. */
  lines(shown: ShownContents): string[];
  /** The same for --json. */
  fields(shown: ShownContents): Record<string, unknown>;
  /** Gives the files that make the same image again. */
  unpack(): Unpacked;
}

/** How the contents of nodes are told: in lines, and as fields. */
export interface ShownContents {
  lines(contents: readonly Description[]): readonly string[];
  fields(contents: readonly Description[]): readonly object[];
}

/** Files named from the folder that they go to, and the folders in it. */
export interface Unpacked {
  readonly files: readonly Omit<NewFile, 'file'>[];
  readonly folders: readonly string[];
}
