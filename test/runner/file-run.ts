import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestEvent } from './events.ts';
import { end, processesOf } from './left-behind.ts';

export interface FileResult {
  readonly file: string;
  readonly events: readonly TestEvent[];
  /** What its process printed. */
  readonly output: string;
  /** Everything that is wrong with the process, beside its tests. */
  readonly problems: readonly string[];
  readonly milliseconds: number;
}

const reporter = fileURLToPath(new URL('./events.js', import.meta.url));
/** Time that ended processes have to vanish: also on a machine that is busy. */
const grace = 5000;

/**
 * One test file, in a process and a group of its own, with its own folder for temporary files.
 *
 * Node has `--test-timeout`, but 20 and 22 apply it to the file as a whole, 24 to each test alone, and a file whose
 * tests are over then still waits for what keeps its process alive. Hence a limit for the silence between two events.
 */
export class FileRun {
  readonly file: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #events: TestEvent[] = [];
  readonly #problems: string[] = [];
  #output = '';

  constructor(file: string, folder: string) {
    this.file = file;
    this.#folder = folder;
    mkdirSync(folder);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    this.#child = spawn(process.execPath, [`--test-reporter=${reporter}`, file], {
      env: { ...env, TMPDIR: folder, TEMP: folder, TMP: folder },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#output += text;
      });
  }

  /** Resolves when its process and all that it started are gone. */
  async result(silence: number): Promise<FileResult> {
    const started = performance.now();
    const stop = () => this.stop(`no test began or ended for ${silence / 1000} s; ${this.running}`);
    let timer = setTimeout(stop, silence);
    this.#child.on('message', (event: TestEvent) => {
      this.#events.push(event);
      clearTimeout(timer);
      timer = setTimeout(stop, silence);
    });
    const over = Promise.all([once(this.#child, 'exit'), once(this.#child, 'disconnect')]);
    const closed = once(this.#child, 'close');
    const [[code, signal]] = await over;
    clearTimeout(timer);
    if (this.#problems.length === 0) await this.#check(code, signal);
    this.#endAll();
    await Promise.race([closed, sleep(grace, undefined, { ref: false })]);
    return {
      ...{ file: this.file, events: this.#events, output: this.#output, problems: this.#problems },
      milliseconds: performance.now() - started,
    };
  }

  /** Ends it, for a reason. */
  stop(reason: string): void {
    this.#problems.push(reason);
    this.#endAll();
  }

  /** Tests that have begun and not ended, as part of a sentence. */
  get running(): string {
    const open: string[] = [];
    for (const { type, name, nesting } of this.#events) {
      if (type === 'test:dequeue') open.splice(nesting, open.length, name);
      if (type === 'test:complete') open.splice(nesting);
    }
    if (open.length > 0) return `running: ${open.join(' > ')}`;
    return this.#events.length === 0 ? 'no test has begun' : 'no test is running: something keeps the process alive';
  }

  async #check(code: number | null, signal: string | null): Promise<void> {
    const failed = this.#events.some(({ type, todo }) => type === 'test:fail' && !todo);
    if (signal) this.#problems.push(`its process was ended by ${signal}; ${this.running}`);
    else if (code !== 0 && !failed) this.#problems.push(`its process ended with exit code ${code}`);
    let left = processesOf(this.#folder);
    for (const until = Date.now() + grace; left.length > 0 && Date.now() < until; await sleep(20))
      left = processesOf(this.#folder);
    for (const { pid, command } of left) this.#problems.push(`it left a process behind: ${pid} ${command}`);
  }

  #endAll(): void {
    const { pid } = this.#child;
    if (pid !== undefined) end(process.platform === 'win32' ? pid : -pid);
    for (const left of processesOf(this.#folder)) end(left.pid);
  }
}
