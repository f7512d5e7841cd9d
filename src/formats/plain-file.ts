import { isKnown } from '../pki/contents.ts';
import { contentsOf, describe } from '../pki/describe.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import type { ImageNode } from './image-node.ts';

/** True for a file that holds certificates and keys, in PEM or DER. */
export const isPlainFile = (bytes: Uint8Array): boolean => isKnown(describe(bytes));

/** Returns what stands in a PEM or DER file, one after the other. */
export function nodesOfPlainFile(bytes: Uint8Array): ImageNode[] {
  return contentsOf(bytes).map(({ bytes: value }, index) => ({
    name: { position: index + 1 },
    label: String(index + 1),
    type: 'item',
    value,
    secret: holdsPrivateKey(value),
  }));
}
