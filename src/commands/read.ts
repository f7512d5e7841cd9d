import { createHash } from 'node:crypto';
import { hex } from '../core/bytes.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { grouped } from '../core/text.ts';
import type { SessionRequest } from '../device/session.ts';
import { whatIsInTheWay, writeFiles } from '../files/write-files.ts';
import { listPartitions, type ReadOutcome, type ReadPiece, readPieces } from '../flash/read-pieces.ts';
import type { TableEntry } from '../partition-table/model.ts';
import { boardLine } from '../report/board.ts';
import { type Document, present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import { partitionFields, tableLines } from '../report/inspection.ts';
import type { Command } from './command.ts';
import { readOptions, readRequest } from './read-request.ts';
import { type Target, targetsOf } from './read-targets.ts';

export const read: Command = {
  name: 'read',
  summary: 'Read partitions or ranges of the flash of a device into files',
  usage: ['read WHAT… -o FILE|DIR [options]', 'read [options]'],
  about: [
    'WHAT is the name of a partition, looked up in the tables of the device, or OFFSET:SIZE, or flash for all',
    'of it. Without WHAT the partitions are listed. The tables are among them: partition-table, and at_customize',
    '(of that partition only the table in it). What arrives is verified by MD5. Files are for their owner alone',
    '(mode 0600), since keys are among them. The "flash" settings of a config hold where the command line is',
    'silent.',
    '',
    'Exit codes: 0 done, 1 a file cannot be written, 2 wrong use or config, 3 device or port, 130 interrupted.',
  ].join('\n'),
  options: {
    output: { type: 'string', short: 'o', value: 'FILE|DIR', help: 'The file to write, or the folder of several' },
    force: { type: 'boolean', short: 'f', help: 'Replace files that exist' },
    ...readOptions,
  },
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki read', 'the partitions of the board that is connected'],
    ['at-pki read mfg_nvs -o mfg_nvs.bin', 'one of them'],
    ['at-pki read client_ca client_cert 0x8000:4K -o dump', 'dump/client_ca.bin and so on'],
    ['at-pki read flash -o flash.bin --port /dev/ttyUSB1', 'the whole flash'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const choice = choiceOf(args, context);
    const show = ({ fields = {}, lines = [], diagnostics }: Shown): Promise<number> =>
      present({ command: 'read', cwd, fields, lines, diagnostics }, choice, context);
    const targets = targetsOf(args.words, args.text('output'), cwd);
    if (!targets.ok) return show({ diagnostics: targets.error });
    const request = await readRequest(args, context, choice);
    if (!request.ok) return show({ diagnostics: request.error });
    if (targets.value.length === 0) return show(listed(await listPartitions(request.value)));
    return show(await readInto(targets.value, request.value, args.flag('force')));
  },
};

type Shown = Partial<Pick<Document, 'fields' | 'lines'>> & Pick<Document, 'diagnostics'>;

function listed({ device, value, diagnostics }: ReadOutcome<readonly TableEntry[]>): Shown {
  if (device === undefined || value === undefined) return { fields: { device }, diagnostics };
  const entries = value.toSorted((a, b) => a.offset - b.offset);
  const lines = [boardLine(device), ...tableLines(entries), 'at-pki read NAME… -o DIR reads them into files'];
  return { fields: { device, partitions: entries.map(partitionFields) }, lines, diagnostics };
}

/** Writes all files or, if anything stands in the way, none. */
async function readInto(targets: readonly Target[], request: SessionRequest, force: boolean): Promise<Shown> {
  // Before the long way to the device, and again behind it.
  const inTheWay = whatIsInTheWay(targets, { force });
  if (inTheWay.length > 0) return { diagnostics: inTheWay };
  const pieces = targets.map(({ piece }) => piece);
  const { device: reached, value, diagnostics } = await readPieces(request, pieces);
  const device = reached && { device: reached };
  if (value === undefined) return { fields: { ...device, files: [] }, diagnostics: diagnostics.map(withoutFiles) };
  const files = targets.flatMap((target, index) => {
    const piece = value[index];
    return piece ? [{ target, piece }] : [];
  });
  const problems = write(files, force);
  if (problems.length > 0) return { fields: { ...device, files: [] }, diagnostics: [...diagnostics, ...problems] };
  const fields = { ...device, files: files.map(fieldsOf) };
  return { fields, lines: files.map(lineOf), diagnostics };
}

interface Read {
  readonly target: Target;
  readonly piece: ReadPiece;
}

function write(files: readonly Read[], force: boolean): readonly Diagnostic[] {
  const all = files.map(({ target: { file, name }, piece: { bytes } }) => ({ file, name, bytes, secret: true }));
  const inTheWay = whatIsInTheWay(all, { force });
  if (inTheWay.length > 0) return inTheWay;
  const written = writeFiles(all);
  return written.ok ? [] : [written.error];
}

const withoutFiles = (found: Diagnostic): Diagnostic =>
  found.code === 'interrupted' ? { ...found, message: `${found.message}; no file was written` } : found;

const digest = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');

/** A file as `--json` has it, in `files` beside `device`. Without words there are `device` and `partitions`. */
interface FileFields {
  /** What was asked for: `mfg_nvs`, `0x8000:4K`, `flash`. */
  readonly name: string;
  /** Relative to the working folder, unless an absolute one was asked for. */
  readonly file: string;
  /** Bytes, from the start of the flash. */
  readonly offset: number;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

const fieldsOf = ({ target, piece: { name, offset, size, bytes } }: Read): FileFields => ({
  ...{ name, file: target.name, offset, size },
  ...{ md5: digest('md5', bytes), sha256: digest('sha256', bytes) },
});

const lineOf = ({ target, piece: { name, offset, size, bytes } }: Read): string => {
  const what = name.includes(':') || name === 'flash' ? '' : ` of ${name}`;
  return `${target.name}: ${grouped(size)} bytes${what} from ${hex(offset)} on, MD5 ${digest('md5', bytes)}`;
};
