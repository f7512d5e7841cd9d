import { concat, hex } from '../../core/bytes.ts';
import { count, grouped } from '../../core/text.ts';
import { chunkStarts } from './layout.ts';

/** What joining needs of a chunk. */
export interface BlobPart {
  readonly data: Uint8Array;
}

export interface JoinedBlob<Part> {
  readonly value: Uint8Array;
  /** Why the blob is not whole; its value is empty then. */
  readonly problem?: string;
  /** The chunks that are its own, as far as they are there. */
  readonly parts: readonly Part[];
}

/** Joins the chunks of a version 2 blob. `field`: the eight bytes at the end of its index entry. */
export function joinBlob<Part extends BlobPart>(
  field: DataView,
  chunk: (index: number) => Part | undefined,
): JoinedBlob<Part> {
  const size = field.getUint32(0, true);
  const chunks = field.getUint8(4);
  const start = field.getUint8(5);
  const parts: Part[] = [];
  const broken = (problem: string): JoinedBlob<Part> => ({ value: new Uint8Array(), problem, parts });
  if (!chunkStarts.includes(start)) return broken(`its chunks start at ${hex(start)}; 0x0 and 0x80 are possible`);

  let length = 0;
  for (let index = start; index < start + chunks; index++) {
    const part = chunk(index);
    if (part === undefined) return broken(`chunk ${index - start + 1} of ${chunks} is not there`);
    parts.push(part);
    length += part.data.length;
  }
  if (length !== size) return broken(`its chunks have ${grouped(length)} bytes together, not ${count(size, 'byte')}`);
  const [only] = parts;
  return { value: parts.length === 1 && only ? only.data : concat(parts.map((part) => part.data)), parts };
}
