import { basename, join } from 'node:path';
import type { PartitionConfig } from '../../config/generated/config.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { hex } from '../../core/bytes.ts';
import { type Diagnostic, diagnostic, isError, type Place } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import type { Span } from '../../core/range.ts';
import { codePointsOf, didYouMean, grouped, parseBytes, sizeText } from '../../core/text.ts';
import { kindOf } from '../../formats/format.ts';
import { type FormatName, formats } from '../../formats/index.ts';
import type { Content, Partition } from '../../sources/partition.ts';
import type { Survey } from '../from-checkout/checkout.ts';
import { type NvsContext, nvsContentOf } from './nvs.ts';
import { sourcesOf } from './sources.ts';

/** What all partitions of a config have in common. */
export interface Context extends Pick<NvsContext, 'asked' | 'profile'> {
  readonly loaded: LoadedConfig;
  /** Absolute, like `rawData`. */
  readonly outDir: string;
  readonly rawData: string;
  readonly problems: Problems;
}

/** Where a partition of the config, or one of its properties, stands. */
export const at = (loaded: LoadedConfig, name: string, property?: string, what: 'key' | 'value' = 'value'): Place =>
  loaded.source.place(property === undefined ? ['partitions', name] : ['partitions', name, property], what);

/** A partition of the config with all its defaults; undefined where too little is said of it. */
export function resolvePartition(
  name: string,
  config: PartitionConfig,
  context: Context,
  found: Survey | undefined,
): Partition | undefined {
  const { loaded, outDir, problems } = context;
  const { value: whole } = loaded;
  const row = found && rowOf(name, found);
  const key = at(loaded, name, undefined, 'key');
  const missing = (message: string, hint: string): void => {
    problems.add(diagnostic('config-missing', message, { place: key, partition: name, hint }));
  };
  // What a table that is not understood lacks, it may have.
  if (found !== undefined && row === undefined && problems.all.some(isOfTable)) return undefined;
  if (found !== undefined && row === undefined) {
    const names = found.table.entries.map((entry) => entry.name);
    const message = `${name}${codePointsOf(name)} is not in ${basename(found.table.csv)}: the firmware would not find it`;
    const others =
      names.length === 0
        ? 'it has no partition at all'
        : `it has ${names.map((other) => `${other}${codePointsOf(other)}`).join(', ')}`;
    const hint = didYouMean(name, names) ?? others;
    problems.add(diagnostic('config-conflict', message, { place: key, partition: name, hint }));
    return undefined;
  }
  const format = config.format ?? (config.namespaces ? 'nvs' : 'atpki');
  const content = contentOf[format](name, { ...config, format }, context, found);
  const offset = agreed(name, 'offset', config.offset, row?.offset, context, found);
  const size = agreed(name, 'size', config.size, row?.size, context, found);
  if (size === undefined) missing(`${name} has no size`, 'add "size": "8K" or the like, or name a "partitionTable"');
  if (offset === undefined && whole.flash !== undefined) {
    missing(
      `${name} has no offset, and this config flashes`,
      'add "offset": "0x2e000" or the like, or name a "partitionTable"',
    );
  }
  if (content === undefined || size === undefined) return undefined;
  const headroom = headroomIn(config.headroom ?? whole.headroom, size);
  return {
    name,
    format,
    file: join(outDir, config.file ?? `${name}.bin`),
    offset,
    size,
    ...content,
    nul: config.nul ? true : undefined,
    headroom: headroom > 0 ? headroom : undefined,
    place: key,
  };
}

/** Properties that an NVS image has by namespace. */
const ofNamespaces = ['type', 'order', 'nul'] as const;
/** Properties that say how an NVS image is written. */
const ofNvsImages = ['profile', 'compat', 'version'] as const;

type Declared = PartitionConfig & { readonly format: FormatName };
type ContentOf = (name: string, config: Declared, context: Context, found: Survey | undefined) => Content | undefined;

/** Reads the declaration of a partition; undefined where it does not say what goes in. */
const contentOf: Readonly<Record<FormatName, ContentOf>> = { atpki: filesOf, nvs: namespacesOf, raw: filesOf };

function conflict(
  name: string,
  property: keyof PartitionConfig,
  message: string,
  hint: string,
  context: Context,
): void {
  const place = at(context.loaded, name, property, 'key');
  context.problems.add(diagnostic('config-conflict', message, { place, partition: name, hint }));
}

function namespacesOf(
  name: string,
  config: Declared,
  context: Context,
  found: Survey | undefined,
): Content | undefined {
  const wrong = (property: keyof PartitionConfig, message: string, hint: string) =>
    conflict(name, property, message, hint, context);
  if (config.files !== undefined)
    wrong('files', 'an NVS image has its files in namespaces', 'move them into "namespaces"');
  for (const property of ofNamespaces) {
    const value = config[property];
    if (value === undefined || value === false) continue;
    const written = JSON.stringify({ wpa2_ca: { [property]: value } });
    const hint = `move it into the namespaces that need it: "namespaces": ${written}`;
    wrong(property, `"${property}" is for a namespace of an NVS image, not for the image`, hint);
  }
  return nvsContentOf(name, config, { ...context, found, diagnostics: context.problems });
}

function filesOf(name: string, config: Declared, context: Context): Content | undefined {
  const { loaded, rawData } = context;
  const { files, format, namespaces } = config;
  const wrong = (property: keyof PartitionConfig, message: string, hint: string) =>
    conflict(name, property, message, hint, context);
  if (namespaces !== undefined) wrong('namespaces', `only an NVS image has namespaces, not ${format}`, 'drop "format"');
  for (const property of ofNvsImages) {
    if (config[property] !== undefined) {
      wrong(property, `"${property}" is for NVS images, and ${name} is ${format}`, `leave "${property}" out`);
    }
  }
  const kind = config.type ?? kindOf(name) ?? (formats[format].isAnyFile ? 'data' : undefined);
  if (kind === undefined) {
    const place = at(loaded, name, undefined, 'key');
    const hint = 'add "type": "ca", "cert" or "key" (a name ending in _ca, _cert or _key says it, too)';
    context.problems.add(
      diagnostic('config-missing', `${name} does not say what it holds`, { place, partition: name, hint }),
    );
    return undefined;
  }
  const order = config.order ?? loaded.value.order ?? 'name';
  const sources = sourcesOf(files ?? name, { kind, base: rawData, folder: loaded.folder, order }, (index) =>
    files === undefined
      ? at(loaded, name, undefined, 'key')
      : loaded.source.place(['partitions', name, 'files', ...(index === undefined ? [] : [index])]),
  );
  return { sources };
}

/** The row of a partition: in the customized table, or in the firmware's own. */
const rowOf = (name: string, { table, occupied }: Survey): Span | undefined =>
  table.entries.find((entry) => entry.name === name) ?? occupied.find((entry) => entry.name === name);

/** What config and table say of an offset or size, in bytes; a contradiction is a diagnostic, and the config's is kept. */
function agreed(
  name: string,
  property: 'offset' | 'size',
  written: string | number | undefined,
  inTable: number | undefined,
  { loaded, problems }: Context,
  found: Survey | undefined,
): number | undefined {
  const bytes = written === undefined ? undefined : parseBytes(String(written));
  if (bytes === undefined || inTable === undefined || bytes === inTable) return bytes ?? inTable;
  const text = property === 'offset' ? hex : (value: number) => `${grouped(value)} (${sizeText(value)})`;
  const message = `the ${property} of ${name} is ${text(bytes)} here and ${text(inTable)} in ${basename(found?.table.csv ?? '')}`;
  const details = {
    place: at(loaded, name, property),
    partition: name,
    hint: `leave "${property}" out to take the table's`,
  };
  problems.add(diagnostic('config-conflict', message, details));
  return bytes;
}

/** Bytes of a headroom, which may be a share of the size: `"10%"`. */
export function headroomIn(headroom: string | number | undefined, size: number): number {
  if (headroom === undefined) return 0;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(String(headroom))?.[1];
  return percent === undefined ? (parseBytes(String(headroom)) ?? 0) : Math.ceil((size * Number(percent)) / 100);
}

/** Returns true for a problem of a table that was not understood. */
const isOfTable = (problem: Diagnostic): boolean => problem.code === 'table-syntax' && isError(problem);
