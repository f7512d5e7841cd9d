import { pemParts } from '../pki/pem-file.ts';
import { holdsPrivateKey } from '../pki/private-key.ts';
import type { DecodedItem } from './format.ts';
import type { Unpacked } from './opened-image.ts';

/** Gives a file for each item: `ca_00.crt`, in whose order a build packs them again. */
export function unpackItems(items: readonly DecodedItem[]): Unpacked {
  const names = fileNames(items);
  const files = items.map(({ kind, bytes }, index) => ({
    name: names[index] ?? '',
    bytes,
    secret: kind === 'key' || holdsPrivateKey(bytes),
  }));
  return { files, folders: [] };
}

/** Names by position within their kind: what an image says of IDs is not trusted to be unique. */
function fileNames(items: readonly DecodedItem[]): string[] {
  const last = new Map<string, number>();
  const numbered = items.map((item) => {
    const number = (last.get(item.kind) ?? -1) + 1;
    last.set(item.kind, number);
    return { item, number };
  });
  return numbered.map(({ item, number }) => {
    // As many digits as the last of its kind has, so that byte order is their order.
    const digits = Math.max(2, String(last.get(item.kind)).length);
    return `${item.kind}_${String(number).padStart(digits, '0')}${suffixOf(item)}`;
  });
}

function suffixOf({ kind, bytes }: Pick<DecodedItem, 'kind' | 'bytes'>): string {
  if (kind === 'data') return '.bin';
  if (pemParts(bytes).length === 0) return '.der';
  return kind === 'key' ? '.key' : '.crt';
}
