import type { Output } from '../commands/command.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostic.ts';
import { printable } from '../core/text.ts';
import { codeOf } from '../plan/path-kind.ts';
import type { HookProgram } from '../plan/project.ts';
import { failureOf } from '../plan/run-program.ts';
import { endWithGroup } from './process-group.ts';
import { writeReportFile } from './report-file.ts';

/** What hooks need of the world. */
export interface HookSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where everything goes that hooks print; nowhere if absent. */
  readonly output?: Output;
  /** Ends a hook that is running. Asked for only when one is. */
  readonly interruption?: (() => AbortSignal) | undefined;
}

export interface HookCall {
  /** As messages call it: `hooks.postBuild`, `--exec`. */
  readonly name: string;
  readonly program: HookProgram;
  /** The absolute folder that it is run in. */
  readonly folder: string;
  /** What AT_PKI_REPORT leads to. */
  readonly report: unknown;
  readonly place?: Place;
  /** What has been done and what has not, as a clause, for one who interrupts it. */
  readonly standing: string;
}

/** Runs a program of the user to its end. It may print, but not to stdout, which is for results. */
export async function runHook(call: HookCall, { env, output, interruption }: HookSurroundings): Promise<Diagnostic[]> {
  const { name, program, folder, place } = call;
  const title = `${name}: ${printable(titleOf(program))}`;
  const failed = (reason: string, hint?: string): Diagnostic[] => [
    diagnostic('hook-failed', `${title} ${reason}`, { ...(place && { place }), ...(hint && { hint }) }),
  ];
  let report: ReturnType<typeof writeReportFile>;
  try {
    report = writeReportFile(call.report);
  } catch (error) {
    return failed(`is not run: its report cannot be written (${codeOf(error)})`);
  }
  const { execa } = await import('execa');
  // Inherited where it can be, so that a program sees the terminal and its order with our own lines is kept.
  const to = output === undefined ? 'ignore' : output.fd === 2 ? output.fd : 'pipe';
  const [file, args] = 'shell' in program ? [program.shell, []] : [program.exec[0], program.exec.slice(1)];
  const running = execa(file, args, {
    cwd: folder,
    env: { ...env, AT_PKI_REPORT: report.path },
    extendEnv: false,
    shell: 'shell' in program,
    stdin: 'ignore',
    stdout: to,
    stderr: to,
    buffer: false,
    reject: false,
    detached: process.platform !== 'win32',
  });
  for (const stream of [running.stdout, running.stderr]) stream?.on('data', (chunk) => output?.write(String(chunk)));
  const signal = interruption?.();
  const release = endWithGroup(running, signal, report.remove);
  try {
    const result = await running;
    if (signal?.aborted) return [diagnostic('interrupted', `${title} was ended; ${call.standing}`)];
    const failure = failureOf(result);
    return failure ? failed(failure.reason, failure.hint) : [];
  } finally {
    release();
    report.remove();
  }
}

/** What messages call it. Its arguments may be secrets. */
const titleOf = (program: HookProgram): string => ('shell' in program ? 'the shell' : program.exec[0]);
