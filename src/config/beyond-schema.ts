import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { checkNames } from '../partition-table/checks.ts';
import { checkFlash, type portIn } from './beyond-flash.ts';
import { nulsIn } from './nul.ts';
import { bytesOf, checkNumber, largest, objectIn, propertyOf } from './numbers.ts';
import type { ConfigSource, Path } from './source.ts';
import { subject } from './wording.ts';

/**
 * What is wrong with a config that its schema cannot say: names that no partition can have, and numbers of bytes that
 * are none of a flash. What the schema refuses is left to it.
 */
export function beyondSchema(config: unknown, port: ReturnType<typeof portIn>, source: ConfigSource): Diagnostic[] {
  const partitions = Object.entries(objectIn(config, 'partitions'));
  const rows = partitions.map(([name]) => {
    return { name, offset: 0, size: 0, place: source.place(['partitions', name], 'key') };
  });
  return [
    ...checkNumber(config, ['flashSize'], { least: 1 }, source),
    ...checkNumber(config, ['headroom'], { least: 0 }, source),
    ...checkFlash(config, port, source),
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
  if (numbers.length > 0 || offset + size <= largest + 1) return numbers;
  const place = source.place([...path, 'size']);
  return [diagnostic('config-value', `${subject(path, place)} ends beyond 4G, the end of any flash`, { place })];
}
