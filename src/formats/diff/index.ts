import { nvs } from './nvs.ts';
import type { Comparable } from './part.ts';
import { pkiBin } from './pki-bin.ts';
import { pkiFile } from './pki-file.ts';

/** Everything that `diff` understands, in the order in which a file is tried. */
export const comparables: readonly Comparable[] = [pkiBin, nvs, pkiFile];
