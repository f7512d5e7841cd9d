import { type Diagnostic, diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count, printable } from '../core/text.ts';
import { compare, valueText } from '../formats/diff/compare.ts';
import type { Detail, Difference } from '../formats/diff/difference.ts';
import { describedIn } from '../formats/diff/fields.ts';
import type { Input } from '../formats/input.ts';
import { formatIn, openImage, recognisedFormats } from '../formats/open-image.ts';
import type { OpenedImage, OpenRequest } from '../formats/opened-image.ts';
import { isPlainFile, nodesOfPlainFile } from '../formats/plain-file.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { aboutDevice, inputOptions, openFile, openInput } from './open-input.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'Show what differs between two images, entry by entry',
  usage: ['diff A B [options]', 'diff --port PORT WHAT B [options]'],
  about: [
    'A and B are PKI bins, NVS images, dumps of their partitions, or PEM or DER files. Entries are compared',
    'by name, certificates and keys by what they say. Private keys are never shown.',
    '',
    ...aboutDevice,
    '',
    'Exit codes: 0 equal, 1 different, 2 they cannot be compared, 3 device or port, 130 interrupted.',
  ].join('\n'),
  options: {
    key: { type: 'string', short: 'k', value: 'FILE', help: 'Key file of encrypted NVS images' },
    ...inputOptions,
  },
  words: { min: 2, max: 2 },
  examples: [
    ['at-pki diff old/mfg_nvs.bin build/mfg_nvs.bin', 'what an update changes'],
    ['at-pki diff dump.bin build/client_ca.bin --json', 'for scripts'],
    ['at-pki diff --port auto mfg_nvs build/mfg_nvs.bin', 'what a flash would change'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const [a = '', b = ''] = args.words;
    const choice = choiceOf(args, context);
    const show = (fields: object, lines: readonly string[], diagnostics: readonly Diagnostic[]) =>
      present({ command: 'diff', cwd, fields: { a, b, ...fields }, lines, diagnostics }, choice, context);
    const refuse = async (fields: object, diagnostics: readonly Diagnostic[]) =>
      // As in diff(1), whatever keeps files from being compared is no difference.
      Math.max(2, await show(fields, [], diagnostics));

    const onDevice = args.text('port') !== undefined;
    const second = openFile(cwd, b);
    // Without the file there is no reason to take the way to the device.
    if (onDevice && !second.ok) return refuse({}, second.error.diagnostics);
    const first = await openInput(args, context, choice);
    const origin = onDevice ? (first.ok ? first.value : first.error).origin : {};
    if (!first.ok || !second.ok) {
      return refuse(
        origin,
        [first, second].flatMap((one) => (one.ok ? [] : one.error.diagnostics)),
      );
    }
    const said = first.value.diagnostics;
    const inputs = [first.value.input, second.value.input] as const;
    const compared = await compareInputs(inputs, { cwd, key: args.text('key') });
    if (!compared.ok) return refuse(origin, [...said, ...compared.error]);
    const { format, differences, entries, diagnostics } = compared.value;
    const equal = differences.length === 0;
    const names = `${inputs[0].name} and ${b}`;
    const lines = equal
      ? [`${names} hold the same: ${count(entries, 'entry', 'entries')}`]
      : [`${names} differ: ${summary(differences)}`, ...differences.flatMap(linesOf)];
    await show({ ...origin, format, equal, differences: differences.map(fieldsOf) }, lines, [...said, ...diagnostics]);
    return equal ? 0 : 1;
  },
};

interface Compared {
  readonly format: string;
  readonly differences: readonly Difference[];
  /** Of the first file. */
  readonly entries: number;
  readonly diagnostics: readonly Diagnostic[];
}

async function compareInputs(
  inputs: readonly [Input, Input],
  request: OpenRequest,
): Promise<Result<Compared, readonly Diagnostic[]>> {
  const names = inputs.map(({ bytes }) => comparableName(bytes));
  const unknown = inputs.filter((_, index) => names[index] === undefined);
  if (unknown.length > 0) return fail(unknown.map(notComparable));
  const [format = '', other] = names;
  if (format !== other) {
    const [first, second] = inputs.map(({ name }) => printable(name));
    const message = `${first} is ${format}, ${second} is ${other}: they cannot be compared`;
    return fail([diagnostic('usage', message)]);
  }
  const [left, right] = [await nodesOf(inputs[0], request), await nodesOf(inputs[1], request)];
  if (!left.ok || !right.ok)
    return fail([left, right].flatMap((side) => (side.ok ? side.value.diagnostics : [side.error])));
  return ok({
    format,
    differences: compare(left.value.nodes, right.value.nodes),
    entries: left.value.nodes.filter(({ type }) => type !== 'namespace').length,
    diagnostics: [...left.value.diagnostics, ...right.value.diagnostics].filter((found) => !isError(found)),
  });
}

const plainName = 'pem or der';

/** Returns the name of the format that a file is compared in; undefined for one that cannot be compared. */
const comparableName = (bytes: Uint8Array): string | undefined =>
  formatIn(bytes)?.name ?? (isPlainFile(bytes) ? plainName : undefined);

function notComparable({ name, place }: Input): Diagnostic {
  const hint = `these can: ${[...recognisedFormats(), plainName].join(', ')}`;
  return diagnostic('image-unknown', `${printable(name)} is nothing that can be compared`, { place, hint });
}

async function nodesOf(
  input: Input,
  request: OpenRequest,
): Promise<Result<Pick<OpenedImage, 'nodes' | 'diagnostics'>, Diagnostic>> {
  const format = formatIn(input.bytes);
  if (format !== undefined) return openImage(format, input, request);
  return ok({ nodes: nodesOfPlainFile(input.bytes), diagnostics: [] });
}

function summary(differences: readonly Difference[]): string {
  const number = (change: Difference['change']) => differences.filter((one) => one.change === change).length;
  const parts: [number, string][] = [
    [number('changed'), 'changed'],
    [number('removed'), 'only in the first'],
    [number('added'), 'only in the second'],
  ];
  return parts.flatMap(([times, what]) => (times > 0 ? [`${times} ${what}`] : [])).join(', ');
}

const marks = { added: '+', removed: '-', changed: '~' } as const;

function linesOf({ change, node, details }: Difference): string[] {
  const head = `${marks[change]} ${printable(node.label)}`;
  if (change === 'changed') return [head, ...details.map((one) => `    ${printable(detailText(one))}`)];
  return [`${head}  ${printable([node.type, ...shownValue({ change, node, details })].join(', '))}`];
}

function shownValue({ node: { value, secret } }: Difference): string[] {
  if (value === undefined) return [];
  if (!secret) return [valueText(value)];
  const known = value instanceof Uint8Array ? describedIn(value).map(({ text }) => text) : [];
  return [known.length > 0 ? known.join(', ') : 'private key'];
}

function detailText({ what, a, b }: Detail): string {
  if (a === undefined && b === undefined) return what;
  if (a !== undefined && b !== undefined) return `${what}: ${a} → ${b}`;
  return a === undefined ? `${what}: only in the second: ${b}` : `${what}: only in the first: ${a}`;
}

function fieldsOf(difference: Difference): Record<string, unknown> {
  const { change, node, details } = difference;
  const [value] = shownValue(difference);
  const alone = { type: node.type, value };
  return { change, ...node.name, ...(change === 'changed' ? { details } : alone) };
}
