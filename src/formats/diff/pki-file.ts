import { ok } from '../../core/result.ts';
import { isKnown } from '../../pki/contents.ts';
import { describe } from '../../pki/describe.ts';
import { pemBlocks } from '../../pki/pem.ts';
import { holdsPrivateKey } from '../../pki/private-key.ts';
import type { Comparable } from './part.ts';

/** A PEM or DER file: what stands in it, one after the other. */
export const pkiFile: Comparable = {
  name: 'pem or der',
  recognises: (bytes) => isKnown(describe(bytes)),
  read({ input: { bytes } }) {
    const texts = pemBlocks(Buffer.from(bytes).toString('latin1')).map(({ text }) => new TextEncoder().encode(text));
    const parts = (texts.length > 0 ? texts : [bytes]).map((value, index) => ({
      name: { position: index + 1 },
      label: String(index + 1),
      type: 'item',
      value,
      secret: holdsPrivateKey(value),
    }));
    return ok({ parts, diagnostics: [] });
  },
};
