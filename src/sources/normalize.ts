import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';
import { type Identified, identify } from '../formats/identify.ts';
import type { ContentProvider } from './content-provider.ts';
import { hasEncryptedKey, normalize, type Wishes } from './normalize-file.ts';
import type { Normalize } from './partition.ts';
import { placeOf, type SourceEntry } from './read-files.ts';

export interface NormalizeSlot {
  readonly normalize?: Normalize | undefined;
  /** A slot of an NVS image, which takes no DER: it becomes PEM without being asked. */
  readonly derToPem?: boolean;
}

/** The entries as their slot wants them, each with a list of what was changed. */
export async function normalizeEntries(
  entries: readonly SourceEntry[],
  slot: NormalizeSlot,
  provider: ContentProvider,
  problems: Problems,
): Promise<readonly SourceEntry[]> {
  const normalized: SourceEntry[] = [];
  for (const entry of entries) {
    const result = await normalizeEntry(entry, slot, provider);
    normalized.push(result.ok ? result.value : entry);
    if (!result.ok) problems.add(result.error);
  }
  return normalized;
}

async function normalizeEntry(
  entry: SourceEntry,
  { normalize: asked, derToPem }: NormalizeSlot,
  provider: ContentProvider,
): Promise<Result<SourceEntry, Diagnostic>> {
  const identified = identify(entry.bytes);
  const password = await passwordFor(entry, identified, asked?.password, provider);
  if (!password.ok) return password;
  const wishes: Wishes = {
    derToPem: derToPem && entry.kind !== 'data' ? derToPem : undefined,
    pem: asked?.pem,
    // A CA slot may hold CAs that have nothing to do with each other.
    chain: asked?.chain ? (entry.kind === 'ca' ? 'unique' : asked.chain) : undefined,
    preamble: asked?.preamble,
    password: password.value,
  };
  const result = normalize(entry.bytes, wishes, identified);
  const name = printable(entry.name);
  if (!result.ok) {
    const { code, message } = result.error;
    const hint =
      result.error.hint ?? (password.value && `the password is that of ${printable(asked?.password?.env ?? '')}`);
    return fail(diagnostic(code, `${name} ${message}`, { ...placed(placeOf(entry)), hint }));
  }
  const { bytes, changes } = result.value;
  if (changes.length === 0) return ok({ ...entry, identified });
  // What the bytes were found to be holds no longer.
  const { identified: _, ...rest } = entry;
  return ok({ ...rest, bytes, normalized: [...(entry.normalized ?? []), ...changes] });
}

async function passwordFor(
  entry: SourceEntry,
  identified: Identified,
  asked: Normalize['password'],
  provider: ContentProvider,
): Promise<Result<string | undefined, Diagnostic>> {
  if (asked === undefined || !hasEncryptedKey(identified)) return ok(undefined);
  const password = await provider.password(asked.env, entry.name);
  if (password !== undefined && password !== '') return ok(password);
  const variable = printable(asked.env);
  const message = `${printable(entry.name)} needs a password, and the environment variable ${variable} has none`;
  const hint = `set ${variable}, or build at a terminal to be asked`;
  return fail(diagnostic('not-normalized', message, { ...placed(placeOf(entry)), hint }));
}

const placed = (place: Place | undefined) => (place ? { place } : {});
