import { ok } from '../../core/result.ts';
import { holdsPrivateKey } from '../../pki/private-key.ts';
import { atpki } from '../atpki/format.ts';
import { decodeImage } from '../read-image.ts';
import type { Comparable } from './part.ts';

/** Items by type and ID. */
export const pkiBin: Comparable = {
  name: 'atpki',
  recognises: atpki.recognises,
  read({ input }) {
    const image = decodeImage(input);
    if (!image.ok) return image;
    const parts = image.value.items.map(({ kind, id, bytes }) => ({
      name: { type: kind, id },
      label: `${kind}.${id}`,
      type: kind,
      value: bytes,
      secret: kind === 'key' || holdsPrivateKey(bytes),
    }));
    return ok({ parts, diagnostics: [] });
  },
};
