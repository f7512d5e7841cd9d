import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import type { Output } from '../core/output.ts';
import { printable } from '../core/text.ts';
import { codeOf } from '../files/path-kind.ts';
import { failureOf } from '../programs/failure.ts';
import { interruptible } from '../programs/interruptible.ts';
import { makeOwnFolder, type OwnFolder } from '../programs/own-folder.ts';
import { type Program, type ProgramCall, runToEnd } from '../programs/run.ts';

/** What hooks need of the world. */
export interface HookSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where everything goes that hooks print; nowhere if absent. */
  readonly output?: Output;
  /** Ends a hook that is running. Called only when one is. */
  readonly interruption?: (() => AbortSignal) | undefined;
  readonly clock?: Clock;
}

export interface HookCall {
  /** As messages call it: `hooks.postBuild`, `--exec`. */
  readonly name: string;
  readonly program: Program;
  /** The absolute folder that it is run in. */
  readonly folder: string;
  /** What AT_PKI_REPORT leads to. */
  readonly report: unknown;
  readonly place?: Place;
  /** What has been done and what has not, as a clause, for a user who interrupts it. */
  readonly standing: string;
}

/** Runs a program of the user to its end. It may print, but not to stdout, which is for results. */
export const runHook = (call: HookCall, surroundings: HookSurroundings): Promise<Diagnostic[]> =>
  // Before there is a report: a signal that comes then must not leave it behind.
  interruptible(surroundings.interruption?.(), (signal) => runWithReport(call, surroundings, signal));

async function runWithReport(
  call: HookCall,
  surroundings: HookSurroundings,
  signal: AbortSignal,
): Promise<Diagnostic[]> {
  const { name, program, folder, place, standing } = call;
  const title = `${name}: ${printable(titleOf(program))}`;
  const failed = (reason: string, hint?: string): Diagnostic[] => [
    diagnostic('hook-failed', `${title} ${reason}`, { place, hint }),
  ];
  if (signal.aborted) return [diagnostic('interrupted', `${title} was not run; ${standing}`)];
  let own: OwnFolder | undefined;
  try {
    let report: string;
    try {
      own = makeOwnFolder();
      report = writeReport(own.path, call.report);
    } catch (error) {
      return failed(`is not run: its report cannot be written (${codeOf(error)})`);
    }
    const { env, output, clock } = surroundings;
    const end = await runToEnd({
      ...{ program, folder, signal, clock },
      env: { ...env, AT_PKI_REPORT: report },
      output: receiverOf(output),
    });
    if (end.cause === 'interruption') return [diagnostic('interrupted', `${title} was ended; ${standing}`)];
    const failure = failureOf(end);
    return failure ? failed(failure.reason, failure.hint) : [];
  } finally {
    own?.remove();
  }
}

function writeReport(folder: string, report: unknown): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`, { mode: 0o600 });
  return path;
}

/** Inherited where it can be, so that a program sees the terminal and its order with our own lines is kept. */
function receiverOf(output: Output | undefined): ProgramCall['output'] {
  if (output === undefined) return 'ignore';
  if (output.fd === 2) return 2;
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  return (piece, stream) => {
    output.write(decoders[stream].decode(piece, { stream: true }));
    return true;
  };
}

/** What messages call it. Its arguments may be secrets. */
const titleOf = (program: Program): string => ('shell' in program ? 'the shell' : (program.exec[0] ?? ''));
