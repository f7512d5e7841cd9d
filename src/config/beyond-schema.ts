import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { parseBytes } from '../core/text.ts';
import { checkNames } from '../formats/partition-table-checks.ts';
import { nulsIn } from './nul.ts';
import type { ConfigSource, Path } from './source.ts';
import { shown, subject } from './wording.ts';

/**
 * What is wrong with a config that its schema cannot say: names that no partition can have, and numbers of bytes that
 * are none of a flash. What the schema refuses is left to it.
 */
export function beyondSchema(config: unknown, source: ConfigSource): Diagnostic[] {
  const partitions = Object.entries(objectIn(config, 'partitions'));
  const rows = partitions.map(([name]) => {
    return { name, offset: 0, size: 0, place: source.place(['partitions', name], 'key') };
  });
  return [
    ...checkNumber(config, ['flashSize'], { least: 1 }, source),
    ...checkNumber(config, ['headroom'], { least: 0 }, source),
    ...checkNames(rows),
    ...partitions.flatMap(([name, partition]) => checkPartition(partition, ['partitions', name], source)),
    ...nulsIn(config, source),
  ];
}

function checkPartition(partition: unknown, path: Path, source: ConfigSource): Diagnostic[] {
  const numbers = [
    ...checkNumber(partition, [...path, 'offset'], { least: 0 }, source),
    ...checkNumber(partition, [...path, 'size'], { least: 1 }, source),
    ...checkNumber(partition, [...path, 'headroom'], { least: 0 }, source),
  ];
  const [offset = 0, size = 0] = ['offset', 'size'].map((name) => bytesOf(propertyOf(partition, name)));
  if (numbers.length > 0 || offset + size <= most + 1) return numbers;
  const place = source.place([...path, 'size']);
  return [diagnostic('config-value', `${subject(path, place)} ends beyond 4G, the end of any flash`, { place })];
}

/** ESP-IDF: a partition table has 32 bits for an offset and for a size. */
const most = 0xffff_ffff;

function checkNumber(
  holder: unknown,
  path: Path,
  { least }: { readonly least: number },
  source: ConfigSource,
): Diagnostic[] {
  const value = propertyOf(holder, String(path.at(-1)));
  const bytes = bytesOf(value);
  if (bytes === undefined || (bytes >= least && bytes <= most)) return [];
  const place = source.place(path);
  const name = subject(path, place);
  const wrong = (message: string, hint: string) => [diagnostic('config-value', message, { place, hint })];
  if (bytes < least) return wrong(`${name} is 0`, 'the smallest piece of flash is a sector of 4K');
  return wrong(`${name} is ${shown(value)}: a partition table has 32 bits for it`, 'the most is 0xffffffff');
}

/** Infinite beyond 2^53; undefined for what is not a number of bytes at all. */
function bytesOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string' || !/^(?:0x[0-9a-f]+|[0-9]+)[km]?$/i.test(value)) return undefined;
  return parseBytes(value) ?? Number.POSITIVE_INFINITY;
}

const propertyOf = (holder: unknown, name: string): unknown =>
  Object.hasOwn(Object(holder), name) ? Reflect.get(Object(holder), name) : undefined;

function objectIn(holder: unknown, name: string): object {
  const value = propertyOf(holder, name);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
