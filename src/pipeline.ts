import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Diagnostic, diagnostic, isError } from './core/diagnostic.ts';
import { didYouMean } from './core/text.ts';
import type { Packed } from './formats/format.ts';
import { formats } from './formats/index.ts';
import { encodeTable } from './formats/partition-table-binary.ts';
import { type FlashImage, flashArgs, flasherArgsJson } from './output/flash-args.ts';
import { sweep } from './output/temporary.ts';
import { type Comparison, compareFile, replaceFile, restrictMode } from './output/write-file.ts';
import { holdsPrivateKey } from './pki/private-key.ts';
import { checkFit } from './plan/fit.ts';
import type { Partition, Project } from './plan/project.ts';
import { readSources, type Snapshot } from './plan/snapshot.ts';
import type { FileResult, PartitionResult, Status } from './report/result.ts';

/**
 *   read sources → encode → fit → compare with what is there → write
 *
 * Every command is this pipeline started or stopped at a different step.
 */
export interface Run {
  /** `write` replaces what differs, `check` calls it stale, `plan` says what would be written. */
  readonly mode: 'write' | 'check' | 'plan';
  /** The partitions to build; all where empty. */
  readonly names: readonly string[];
  /** Write equal images too. */
  readonly force: boolean;
}

export interface Outcome {
  readonly partitions: readonly PartitionResult[];
  readonly table?: FileResult;
  readonly files: readonly FileResult[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function runPipeline(project: Project, run: Run): Promise<Outcome> {
  const unknown = unknownNames(project, run.names);
  if (unknown.length > 0) return { partitions: [], files: [], diagnostics: unknown };

  const wanted = project.partitions.filter(({ name }) => run.names.length === 0 || run.names.includes(name));
  const candidates: Candidate[] = [];
  for (const partition of wanted) candidates.push(pack(await readSources(partition, project.root)));
  const held = setsWithErrors(candidates);

  if (run.mode === 'write') sweep(project.outDir);
  const diagnostics = candidates.flatMap((candidate) => candidate.diagnostics);
  const output = (file: string, bytes: Uint8Array, secret: boolean): Status => {
    const put = putFile(file, bytes, secret, run);
    diagnostics.push(...put.diagnostics);
    return put.status;
  };

  const partitions: PartitionResult[] = [];
  const made = new Set<string>();
  for (const { partition, packed, secret } of candidates) {
    const result = describe(partition, packed);
    const set = setOf(partition.name);
    if (packed === undefined) partitions.push({ ...result, status: 'failed' });
    else if (held.has(set)) {
      partitions.push({ ...result, status: 'skipped', reason: `another image of the set ${set} has errors` });
    } else {
      partitions.push({ ...result, status: output(partition.file, packed.image, secret) });
      made.add(partition.file);
    }
  }
  if (run.names.length === 0) {
    partitions.push(...project.skipped.map((one) => skipped(project, one)));
    // Where a table says both, they stand in its order.
    if (project.skipped.length > 0) partitions.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
    diagnostics.push(...leftAlone(project));
  }

  const table = project.table && putTable(project.table, output);
  const images = flashImages(project, (file) => made.has(file) || existsSync(file));
  const files = images.length > 0 ? putFlashArgs(project, images, output) : [];
  return { partitions, ...(table && { table }), files, diagnostics };
}

/** Everything with an image and an offset, also what this run was not asked to build: flash_args is about all of it. */
function flashImages({ partitions, table }: Project, hasImage: (file: string) => boolean): FlashImage[] {
  const images = partitions.flatMap(({ name, file, offset }) =>
    offset !== undefined && hasImage(file) ? [{ name, file, offset }] : [],
  );
  if (table?.offset !== undefined) images.push({ name: 'at_customize', file: table.file, offset: table.offset });
  return images;
}

function leftAlone({ leftAlone: names, table }: Project): Diagnostic[] {
  if (names.length === 0) return [];
  const message = `left alone, since they hold no certificates: ${names.join(', ')}`;
  return [diagnostic('partition-left-alone', message, table ? { place: { file: table.csv } } : {})];
}

function unknownNames(project: Project, names: readonly string[]): Diagnostic[] {
  const known = project.partitions.map(({ name }) => name);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const skippedOne = project.skipped.find((one) => one.name === name);
      if (skippedOne) return diagnostic('usage', `${name} cannot be built: ${skippedOne.reason}`, { partition: name });
      const hint = didYouMean(name, known, '') ?? `there are ${known.join(', ')}`;
      return diagnostic('usage', `there is no partition "${name}" to build`, { hint });
    });
}

/** A partition on its way through the pipeline; without `packed` it has errors. */
interface Candidate {
  readonly partition: Partition;
  readonly packed?: Packed;
  /** Its image holds a private key. */
  readonly secret: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

function pack({ partition, entries, diagnostics }: Snapshot): Candidate {
  const found = [...diagnostics];
  const secret = entries.some((entry) => entry.kind === 'key' || holdsPrivateKey(entry.bytes));
  if (found.some(isError)) return { partition, secret, diagnostics: found };
  const encoded = formats[partition.format].encode(entries, partition);
  if (!encoded.ok) {
    for (const { code, message, hint, entry } of encoded.error) {
      const file = entry === undefined ? undefined : entries[entry]?.file;
      const place = file === undefined ? partition.place : { file };
      found.push(
        diagnostic(code, message, { partition: partition.name, ...(place && { place }), ...(hint && { hint }) }),
      );
    }
    return { partition, secret, diagnostics: found };
  }
  found.push(...checkFit(partition, encoded.value, entries));
  return { partition, secret, diagnostics: found, ...(!found.some(isError) && { packed: encoded.value }) };
}

/** `client` for client_ca, client_cert and client_key: what the device uses together. */
const setOf = (name: string): string => name.replace(/_(ca|cert|key)$/, '');

/** A good new key beside an old certificate is a mismatched pair: one error holds back its whole set. */
function setsWithErrors(candidates: readonly Candidate[]): ReadonlySet<string> {
  return new Set(candidates.filter(({ packed }) => !packed).map(({ partition }) => setOf(partition.name)));
}

function describe(partition: Partition, packed: Packed | undefined): Omit<PartitionResult, 'status'> {
  const { name, format, file, offset, size } = partition;
  return {
    name,
    format,
    file,
    ...(offset !== undefined && { offset }),
    size,
    ...(packed && { used: packed.used, sha256: sha256(packed.image) }),
    items: packed?.items ?? [],
    ...(packed?.room && { room: packed.room }),
  };
}

function skipped(project: Project, { name, offset, size, reason }: Project['skipped'][number]): PartitionResult {
  const file = join(project.outDir, `${name}.bin`);
  return { name, format: 'atpki', file, offset, size, status: 'skipped', reason, items: [] };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Output = (file: string, bytes: Uint8Array, secret: boolean) => Status;

function putTable({ entries, file, offset }: NonNullable<Project['table']>, output: Output): FileResult {
  const bytes = encodeTable(entries);
  return { file, ...(offset !== undefined && { offset }), sha256: sha256(bytes), status: output(file, bytes, false) };
}

function putFlashArgs(project: Project, images: readonly FlashImage[], output: Output): FileResult[] {
  const texts = {
    flash_args: flashArgs(images, project.flash, project.outDir),
    'flasher_args.json': flasherArgsJson(images, project.flash, project.outDir),
  };
  return Object.entries(texts).map(([name, text]) => {
    const file = join(project.outDir, name);
    return { file, status: output(file, new TextEncoder().encode(text), false) };
  });
}

function putFile(
  file: string,
  bytes: Uint8Array,
  secret: boolean,
  run: Run,
): { status: Status; diagnostics: Diagnostic[] } {
  const state = compareFile(file, bytes, { secret });
  if (state === 'equal' && !(run.force && run.mode === 'write')) return { status: 'unchanged', diagnostics: [] };
  if (run.mode === 'plan') return { status: 'planned', diagnostics: [] };
  if (run.mode === 'check') {
    const message = `${basename(file)} ${whyStale[state]}`;
    return {
      status: 'stale',
      diagnostics: [diagnostic('stale', message, { place: { file }, hint: 'run at-pki build' })],
    };
  }
  const written = state === 'wrong-mode' && !run.force ? restrictMode(file) : replaceFile(file, bytes, { secret });
  if (written.ok) return { status: 'built', diagnostics: [] };
  const { message, hint } = written.error;
  return {
    status: 'failed',
    diagnostics: [diagnostic('write-failed', message, { place: { file }, ...(hint && { hint }) })],
  };
}

const whyStale: Record<Comparison, string> = {
  absent: 'has not been built yet',
  different: 'is not what its sources give now',
  equal: 'is up to date',
  'wrong-mode': 'holds a private key that others can read',
};
