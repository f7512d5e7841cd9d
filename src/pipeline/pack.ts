import type { Judge } from '../checks/severity.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { formats } from '../formats/index.ts';
import { isSecretEntry } from '../formats/secret-entry.ts';
import type { Partition } from '../sources/partition.ts';
import { placeOf } from '../sources/read-files.ts';
import type { Snapshot } from '../sources/snapshot.ts';
import { checkFit } from './fit.ts';
import { type Image, imageOf } from './image.ts';

/** A partition on its way through the pipeline; without an image it has errors. */
export interface Candidate {
  readonly partition: Partition;
  readonly image?: Image;
  readonly diagnostics: readonly Diagnostic[];
}

/** Encodes what was read and fits it into its partition, unless there are errors already. */
export function pack({ partition, entries, diagnostics }: Snapshot, isError: Judge): Candidate {
  if (diagnostics.some(isError)) return { partition, diagnostics };
  const encoded = formats[partition.format].encode(entries, partition);
  if (!encoded.ok) {
    const problems = encoded.error.map(({ code, message, hint, entry }) => {
      const source = entry === undefined ? undefined : entries[entry];
      const place = (source && placeOf(source)) ?? partition.place;
      return diagnostic(code, message, { partition: partition.name, place, hint });
    });
    return { partition, diagnostics: [...diagnostics, ...problems] };
  }
  const found = [...diagnostics, ...checkFit(partition, encoded.value, entries)];
  if (found.some(isError)) return { partition, diagnostics: found };
  return { partition, diagnostics: found, image: imageOf(partition, encoded.value, entries.some(isSecretEntry)) };
}

/** `client` for client_ca, client_cert and client_key: what the device uses together. */
export const setOf = (name: string): string => name.replace(/_(ca|cert|key)$/, '');
