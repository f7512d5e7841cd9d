import { ok } from '../../core/result.ts';
import { locate } from '../nvs/locate.ts';
import type { NvsEntry } from '../nvs/model.ts';
import { nvsIn } from '../nvs/read.ts';
import { isSecret } from '../nvs/secret.ts';
import type { Comparable, Part } from './part.ts';

/** Entries by namespace and key, wherever they lie in the pages. */
export const nvs: Comparable = {
  name: 'nvs',
  recognises: (bytes) => locate(bytes).length > 0,
  read({ cwd, input, key }) {
    const read = nvsIn(cwd, { key }, input);
    if (!read.ok) return read;
    const { decoded, diagnostics } = read.value;
    const namespaces = decoded.namespaces.map(
      (namespace): Part => ({ name: { namespace }, label: namespace, type: 'namespace', secret: false }),
    );
    return ok({ parts: [...namespaces, ...decoded.entries.map(partOf)], diagnostics });
  },
};

function partOf(entry: NvsEntry): Part {
  const { namespace, key, type, value } = entry;
  const secret = isSecret(entry);
  const isText = type === 'string' && typeof value === 'string';
  // A certificate may be kept as a string, too.
  const bytes = isText && value.includes('-----BEGIN ') ? new TextEncoder().encode(value) : value;
  return {
    name: { namespace, key },
    label: `${namespace}/${key}`,
    type,
    value: typeof bytes === 'number' ? BigInt(bytes) : bytes,
    secret,
  };
}
