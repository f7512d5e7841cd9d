import { type Diagnostic, diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { parseBytes, printable } from '../core/text.ts';
import type { SessionRequest } from '../device/session.ts';
import type { OpenOptions } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import type { Choice } from '../report/index.ts';
import type { Arguments, Context, Options } from './command.ts';
import { deviceArguments, deviceOptions, sessionSurroundings } from './device-options.ts';
import { projectOptions } from './options.ts';

/** The options of a command that reads from a device. */
export const readOptions = {
  ...deviceOptions,
  'table-offset': {
    type: 'string',
    value: 'OFFSET',
    help: 'Where its main partition table lies, if not at 0x8000, 0xc000 or 0x10000',
  },
  'no-exec': projectOptions['no-exec'],
} as const satisfies Options;

/** What the command line, and the project around it, say of a device that is to be read. */
export async function readRequest(
  args: Arguments,
  context: Context,
  choice: Choice,
): Promise<Result<SessionRequest, readonly Diagnostic[]>> {
  const problems = new Problems();
  const device = deviceArguments(args, problems);
  const partitionTable = tableOffset(args, problems);
  if (problems.all.length > 0) return fail(problems.all);
  const config = args.text('config');
  const options = { cwd: context.cwd, config, exec: !args.flag('no-exec') };
  const project = await projectAround(options);
  if (!project.ok) return project;
  const { deviceChoice } = await import('../device/session.ts');
  const { interruption, ...surroundings } = sessionSurroundings(context, choice);
  return ok({
    ...deviceChoice(project.value, { ...device, partitionTable }),
    ...surroundings,
    signal: interruption?.(),
  });
}

function tableOffset(args: Arguments, problems: Problems): number | undefined {
  const text = args.text('table-offset');
  if (text === undefined) return undefined;
  const offset = parseBytes(text);
  if (offset === undefined) {
    const message = `--table-offset takes an offset such as 0x8000; it was given "${printable(text)}"`;
    problems.add(diagnostic('usage', message));
  }
  return offset;
}

/** What the project says of the device; nothing where there is none, for reading needs no project. */
async function projectAround(
  options: OpenOptions,
): Promise<Result<Pick<Project, 'device' | 'flash'> | undefined, readonly Diagnostic[]>> {
  // A command that looks into a file has no use for them.
  const [{ openProject }, { findConfigFile }] = await Promise.all([
    import('../project/open.ts'),
    import('../config/find.ts'),
  ]);
  const { project, diagnostics } = await openProject(options);
  if (project !== undefined) return ok(project);
  // What a checkout does not tell, such as which of its modules is meant, has no part in it. A config that cannot be
  // understood may name the very board.
  const hasConfig = options.config !== undefined || findConfigFile(options.cwd) !== undefined;
  return hasConfig ? fail(diagnostics.filter(isError)) : ok(undefined);
}
