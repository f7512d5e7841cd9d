import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Range } from '../core/range.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { SessionRequest } from '../device/session.ts';
import type { Input } from '../formats/input.ts';
import { readInput } from '../formats/input.ts';
import type { DeviceResult } from '../pipeline/result.ts';
import type { Choice } from '../report/index.ts';
import type { Arguments, Context, Options } from './command.ts';
import { readOptions, readRequest } from './read-request.ts';

/** The options of a command that looks into a file, or into the flash of a device. */
export const inputOptions = {
  ...readOptions,
  port: {
    ...readOptions.port,
    help: 'Look into the device there instead of a file: a port as of at-pki read, or auto',
  },
} as const satisfies Options;

/** What --help says of them. */
export const aboutDevice = [
  'With --port the first word is what at-pki read takes: the name of a partition of the device, OFFSET:SIZE,',
  'or flash. The other options of a device go with --port alone.',
];

/** Where it was read from, as JSON has it. Of a device that was not reached, only what was asked for. */
export type Origin =
  | { readonly file: string }
  | { readonly device?: DeviceResult; readonly partition: { readonly name: string } & Partial<Range> };

export interface OpenInput {
  readonly input: Input;
  readonly origin: Origin;
  /** What there is to say of the way to it. */
  readonly diagnostics: readonly Diagnostic[];
}

export type NoInput = Omit<OpenInput, 'input'>;

/** Reads what the first word of a command line names: a file or, with --port, a piece of the flash of a device. */
export async function openInput(
  args: Arguments,
  context: Context,
  choice: Choice,
): Promise<Result<OpenInput, NoInput>> {
  const [word = ''] = args.words;
  if (args.text('port') === undefined) {
    const problem = withoutDevice(args);
    return problem ? fail({ origin: { file: word }, diagnostics: [problem] }) : openFile(context.cwd, word);
  }
  const origin = { partition: { name: word } };
  const request = await readRequest(args, context, choice);
  return request.ok ? openPiece(request.value, word) : fail({ origin, diagnostics: request.error });
}

function withoutDevice(args: Arguments): Diagnostic | undefined {
  const lost = Object.keys(inputOptions).find((option) => args.text(option) !== undefined);
  if (lost === undefined) return undefined;
  const hint = `add --port auto to look into the device, or leave out --${lost}`;
  return diagnostic('usage', `--${lost} is about a device, and without --port this is a file`, { hint });
}

/** Reads a file, whatever the command line says. */
export function openFile(cwd: string, name: string): Result<OpenInput, NoInput> {
  const origin = { file: name };
  const input = readInput(cwd, name);
  if (input.ok) return ok({ input: input.value, origin, diagnostics: [] });
  return fail({ origin, diagnostics: [{ ...input.error, code: 'image-unreadable' }] });
}

async function openPiece(request: SessionRequest, word: string): Promise<Result<OpenInput, NoInput>> {
  // Not before it is needed: the packages behind it take their time to load.
  const [{ parsePiece }, { readPieces }] = await Promise.all([
    import('../flash/pieces.ts'),
    import('../flash/read-pieces.ts'),
  ]);
  const asked = { partition: { name: word } };
  const piece = parsePiece(word);
  if (!piece.ok) return fail({ origin: asked, diagnostics: [piece.error] });
  const { device: reached, value: [found] = [], diagnostics } = await readPieces(request, [piece.value]);
  const device = reached && { device: reached };
  if (found === undefined) return fail({ origin: { ...device, ...asked }, diagnostics });
  const { name, offset, size, bytes } = found;
  const origin = { ...device, partition: { name, offset, size } };
  return ok({ input: { name: `${name} on the device`, bytes }, origin, diagnostics });
}
