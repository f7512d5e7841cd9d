import { fail, ok, type Result } from '../../core/result.ts';
import { didYouMean } from '../../core/text.ts';
import type { NvsDecoded } from './decode.ts';
import { encode, type NvsImage } from './encode.ts';
import { pageSize } from './layout.ts';
import { type NvsContent, type NvsEntry, type NvsProblem, type NvsSettings, namespacesOf } from './model.ts';

export type Edit = (content: NvsContent) => Result<NvsContent, readonly NvsProblem[]>;

/**
 * Sets a key, whatever type it had before. A key that is there keeps its place; a new one goes to the end, and so does
 * a namespace that is not there.
 */
export const setEntry =
  (entry: NvsEntry): Edit =>
  (content) => {
    const [first, ...others] = content.entries.filter((one) => isNamed(one, entry.namespace, entry.key));
    if (first === undefined) return ok({ ...content, entries: [...content.entries, entry] });
    const kept = content.entries.filter((entry) => !others.includes(entry));
    return ok({ ...content, entries: kept.map((one) => (one === first ? entry : one)) });
  };

/** Deletes a key (under all of its types), or without one the whole namespace. */
export const deleteEntry =
  (namespace: string, key?: string): Edit =>
  (content) => {
    const namespaces = namespacesOf(content);
    if (!namespaces.includes(namespace)) {
      return fail([missing('namespace', namespace, `there is no namespace ${JSON.stringify(namespace)}`, namespaces)]);
    }
    const isMeant = (entry: NvsEntry) =>
      key === undefined ? entry.namespace === namespace : isNamed(entry, namespace, key);
    const entries = content.entries.filter((entry) => !isMeant(entry));
    if (key === undefined) return ok({ namespaces: namespaces.filter((one) => one !== namespace), entries });
    if (entries.length === content.entries.length) {
      const keys = content.entries.filter((entry) => entry.namespace === namespace).map((one) => one.key);
      const message = `namespace ${JSON.stringify(namespace)} has no key ${JSON.stringify(key)}`;
      return fail([missing('key', key, message, keys)]);
    }
    // The namespace stays, even if this was its last key.
    return ok({ namespaces, entries });
  };

/**
 * Changes what an image holds and encodes it anew, as long as it was and in its own version and profile: compact, in
 * order, without what was erased or could not be read (see the warnings of decoding).
 */
export function editImage(decoded: NvsDecoded, edit: Edit): Result<NvsImage, readonly NvsProblem[]> {
  const changed = edit(decoded);
  return changed.ok ? encode(changed.value, settingsOf(decoded)) : changed;
}

/** The settings that would encode such an image. */
export function settingsOf({ pages }: Pick<NvsDecoded, 'pages'>): Required<NvsSettings> {
  const begun = pages.filter((page) => page.version !== undefined);
  const isVersion1 = begun.length > 0 && begun.every((page) => page.version === 1);
  const isLegacy = begun.length > 0 && begun.every((page) => page.state === 'full');
  return { size: pages.length * pageSize, version: isVersion1 ? 1 : 2, profile: isLegacy ? 'legacy' : 'new' };
}

const isNamed = (entry: NvsEntry, namespace: string, key: string): boolean =>
  entry.namespace === namespace && entry.key === key;

function missing(field: 'namespace' | 'key', name: string, message: string, names: readonly string[]): NvsProblem {
  const hint = didYouMean(name, names);
  return { code: 'nvs-name', field, message, hint };
}
