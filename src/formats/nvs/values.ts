import { equalBytes } from '../../core/bytes.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count } from '../../core/text.ts';
import { bleNamespace } from '../../firmware/slots.ts';
import { kindOf } from '../format.ts';
import type { ComparedValues, HeldProblem, StoredValue, StoredValues } from '../stored-values.ts';
import { lengthOf } from './content.ts';
import { decode, type NvsDecoded } from './decode.ts';
import { encode } from './encode.ts';
import { type NvsEntry, type NvsWriting, namespacesOf } from './model.ts';

/** Values in the NVS of a device: settings that the firmware or AT+SYSMFG wrote at run time. */
export const nvsValues: StoredValues<NvsWriting> = { compare };

function compare(
  held: Uint8Array,
  planned: Uint8Array,
  { name, owned }: Parameters<StoredValues['compare']>[2],
): Result<ComparedValues<NvsWriting>, HeldProblem> {
  const read = readHeld(name, held);
  if (!read.ok) return read;
  const { entries, problems } = read.value;
  const image = plannedIn(planned);
  const plannedAs = new Map(image.entries.map((entry) => [nameOf(entry), entry]));
  const newest = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const ownNamespaces = new Set([...image.namespaces, ...owned]);

  const further = entries.filter((entry) => !plannedAs.has(nameOf(entry)));
  const isLeftOver = (entry: NvsEntry): boolean =>
    (ownNamespaces.has(entry.namespace) && isOfList(entry)) || newest.get(nameOf(entry)) !== entry;
  const changed = image.entries.filter((entry) => {
    const there = newest.get(nameOf(entry));
    return there === undefined || !isSame(there, entry);
  });
  const onlyOnDevice = further.filter((entry) => !isLeftOver(entry));
  return ok({
    onlyOnDevice: onlyOnDevice.map(storedValue),
    leftOver: further.filter(isLeftOver).map(storedValue),
    changed: changed.map(storedValue),
    problems,
    merge({ size, settings }) {
      const namespaces = namespacesOf({ namespaces: image.namespaces, entries: onlyOnDevice });
      const encoded = encode({ namespaces, entries: [...image.entries, ...onlyOnDevice] }, { size, ...settings });
      return encoded.ok ? ok(encoded.value.image) : encoded;
    },
  });
}

const storedValue = (entry: NvsEntry): StoredValue => ({
  namespace: entry.namespace,
  key: entry.key,
  type: entry.type,
  length: lengthOf(entry),
});

type Held = Pick<NvsDecoded, 'entries'> & { readonly problems: readonly HeldProblem[] };

function readHeld(name: string, held: Uint8Array): Result<Held, HeldProblem> {
  const decoded = decode(held);
  if (!decoded.ok) {
    const message = `what the device holds in ${name} is no NVS, and so there are no values to keep: ${decoded.error.message}`;
    return ok({ entries: [], problems: [{ code: 'nvs-damage', message }] });
  }
  const { entries, warnings, looksEncrypted } = decoded.value;
  if (looksEncrypted) {
    const message = `the NVS in ${name} of the device looks encrypted: none of its entries has a right checksum`;
    const hint = 'its values cannot be read to be kept; --overwrite replaces them by the image, which is not encrypted';
    return fail({ code: 'nvs-encrypted', message, hint });
  }
  const [first] = warnings;
  if (first === undefined) return ok({ entries, problems: [] });
  const others = warnings.length > 1 ? ` (and ${count(warnings.length - 1, 'more such place')})` : '';
  const message = `the NVS in ${name} of the device is damaged; ${first.message}${others}`;
  return ok({
    entries,
    problems: [{ code: 'nvs-damage', message, hint: 'what the device itself cannot read is not kept' }],
  });
}

function plannedIn(image: Uint8Array): NvsDecoded {
  const decoded = decode(image);
  // It was encoded here.
  if (!decoded.ok) throw new Error(`the planned image: ${decoded.error.message}`);
  return decoded.value;
}

/** NVS keeps a key once for each type, but the firmware asks for one. */
const nameOf = ({ namespace, key }: NvsEntry): string => `${namespace}\0${key}`;

/** Returns true for a key of a list that the firmware walks, such as `client_ca.1`. */
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
