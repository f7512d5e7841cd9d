import { equalBytes } from '../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count } from '../core/text.ts';
import { kindOf } from '../formats/format.ts';
import { decode, type NvsDecoded } from '../formats/nvs/decode.ts';
import { encode, type NvsImage } from '../formats/nvs/encode.ts';
import { type NvsEntry, namespacesOf } from '../formats/nvs/model.ts';
import { bleNamespace } from '../project/ble-data.ts';
import type { Partition } from '../sources/partition.ts';

export type NvsPartition = Pick<Partition, 'name' | 'size' | 'nvs' | 'place'>;

/** How the NVS of a device stands to the image that is to replace it. */
export interface MfgValues {
  /**
   * What the device has and the image lacks, in the order in which it was written: values that AT+SYSMFG or the
   * firmware wrote at run time. Lost, unless they are merged in.
   */
  readonly onlyOnDevice: readonly NvsEntry[];
  /**
   * The same of what the image does replace: the rest of a longer list of certificates (`https_ca.2` where the image has
   * two) or of BLE services, which the device would go on using, and values that were written again as another type.
   */
  readonly leftOver: readonly NvsEntry[];
  /** What both have with different values, or the image alone has, as it is in the image: the update. */
  readonly changed: readonly NvsEntry[];
  /** What of the device could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares what the device holds in an NVS partition, all of it, with the image planned for it. Fails where that is
 * there and cannot be understood; erased flash, or something else than NVS, holds no values.
 */
export function compareValues(
  partition: NvsPartition,
  held: Uint8Array,
  planned: Uint8Array,
): Result<MfgValues, Diagnostic> {
  const read = readHeld(partition, held);
  if (!read.ok) return read;
  const { entries, diagnostics } = read.value;
  const image = plannedIn(planned);
  const plannedAs = new Map(image.entries.map((entry) => [nameOf(entry), entry]));
  const newest = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const owned = new Set([...image.namespaces, ...(partition.nvs?.namespaces ?? []).map(({ name }) => name)]);

  const further = entries.filter((entry) => !plannedAs.has(nameOf(entry)));
  const isLeftOver = (entry: NvsEntry): boolean =>
    (owned.has(entry.namespace) && isOfList(entry)) || newest.get(nameOf(entry)) !== entry;
  const changed = image.entries.filter((entry) => {
    const there = newest.get(nameOf(entry));
    return there === undefined || !isSame(there, entry);
  });
  return ok({
    onlyOnDevice: further.filter((entry) => !isLeftOver(entry)),
    leftOver: further.filter(isLeftOver),
    changed,
    diagnostics,
  });
}

/** The planned image with these values behind its own. Fails where they do not fit. */
export function mergeValues(
  partition: NvsPartition,
  planned: Uint8Array,
  values: readonly NvsEntry[],
): Result<NvsImage, readonly Diagnostic[]> {
  const { name, size, nvs, place } = partition;
  const image = plannedIn(planned);
  const entries = [...image.entries, ...values];
  const namespaces = namespacesOf({ namespaces: image.namespaces, entries: values });
  const encoded = encode({ namespaces, entries }, { size, profile: nvs?.profile, version: nvs?.version });
  if (encoded.ok) return encoded;
  return fail(
    encoded.error.map(({ code, message }) => {
      const subject = `${name} with ${count(values.length, 'value')} of the device`;
      const hint = 'delete what is not needed there (AT+SYSMFG=0), or replace all of it: --overwrite';
      return diagnostic(code, `${subject}: ${message}`, { partition: name, hint, place });
    }),
  );
}

type Held = Pick<NvsDecoded, 'entries'> & { readonly diagnostics: readonly Diagnostic[] };

function readHeld({ name, place }: NvsPartition, held: Uint8Array): Result<Held, Diagnostic> {
  const details = { partition: name, place };
  const decoded = decode(held);
  if (!decoded.ok) {
    const message = `what the device holds in ${name} is no NVS, and so there are no values to keep: ${decoded.error.message}`;
    return ok({ entries: [], diagnostics: [diagnostic('nvs-damage', message, details)] });
  }
  const { entries, warnings, looksEncrypted } = decoded.value;
  if (looksEncrypted) {
    const message = `the NVS in ${name} of the device looks encrypted: none of its entries has a right checksum`;
    const hint = 'its values cannot be read to be kept; --overwrite replaces them by the image, which is not encrypted';
    return fail(diagnostic('nvs-encrypted', message, { ...details, hint }));
  }
  const [first] = warnings;
  if (first === undefined) return ok({ entries, diagnostics: [] });
  const others = warnings.length > 1 ? ` (and ${count(warnings.length - 1, 'more such place')})` : '';
  const message = `the NVS in ${name} of the device is damaged; ${first.message}${others}`;
  const hint = 'what the device itself cannot read is not kept';
  return ok({ entries, diagnostics: [diagnostic('nvs-damage', message, { ...details, hint })] });
}

function plannedIn(image: Uint8Array): NvsDecoded {
  const decoded = decode(image);
  // It was encoded here.
  if (!decoded.ok) throw new Error(`the planned image: ${decoded.error.message}`);
  return decoded.value;
}

/** NVS keeps a key once for each type, but the firmware asks for one. */
const nameOf = ({ namespace, key }: NvsEntry): string => `${namespace}\0${key}`;

/** Whether a key is one of those by which the firmware goes through a list, such as `client_ca.1`. */
function isOfList({ namespace, key }: NvsEntry): boolean {
  if (namespace === bleNamespace) return /^cfg\d+$/.test(key);
  if (kindOf(namespace) === undefined) return false;
  return key === namespace || (key.startsWith(`${namespace}.`) && /^\d+$/.test(key.slice(namespace.length + 1)));
}

function isSame(a: NvsEntry, b: NvsEntry): boolean {
  if (a.type !== b.type) return false;
  return a.value instanceof Uint8Array && b.value instanceof Uint8Array
    ? equalBytes(a.value, b.value)
    : a.value === b.value;
}
