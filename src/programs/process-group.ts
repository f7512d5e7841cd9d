import { execFileSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Cancel, Clock } from '../core/clock.ts';

/** The part of a child process that is used. */
export interface Child {
  readonly pid?: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  unref(): void;
}

export interface GroupOptions {
  /** The signal that asks it to end. */
  readonly request: 'SIGTERM' | 'SIGINT';
  /** Milliseconds from that request to SIGKILL. */
  readonly patience: number;
  readonly clock: Clock;
}

const hasGroups = process.platform !== 'win32';
/** Milliseconds between looks at a group that has lost its leader. */
const pause = 20;

/**
 * A child with all that it started. On POSIX it leads a group of its own, so that a signal from the terminal reaches
 * only this process: the group is ended on request, and when this process exits.
 */
export class ProcessGroup {
  readonly #child: Child;
  readonly #options: GroupOptions;
  /** Time of SIGKILL, once the group was asked to end. */
  #deadline: number | undefined;
  #callOff: Cancel = () => {};
  #abandon: () => void = () => {};

  /** Resolves if the child outlives SIGKILL, as a program of another user does: it cannot be waited for. */
  readonly abandoned: Promise<undefined> = new Promise((resolve) => {
    this.#abandon = () => resolve(undefined);
  });

  constructor(child: Child, options: GroupOptions) {
    this.#child = child;
    this.#options = options;
    process.on('exit', this.#kill);
  }

  /** Asks the whole group to end, and kills what is left of it after the patience. */
  end(): void {
    if (this.#deadline !== undefined) return;
    const { clock, patience, request } = this.#options;
    this.#deadline = clock.now() + patience;
    this.#send(request);
    this.#callOff = clock.timeout(patience, () => {
      this.#kill();
      // A process that left the group may hold these open.
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      this.#callOff = clock.timeout(patience, () => {
        this.#child.unref();
        this.#abandon();
      });
    });
  }

  /** To be called when the child has ended. Where the group was asked to end, it resolves after its last process. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    if (this.#deadline !== undefined) {
      while (clock.now() < this.#deadline && this.#isAlive()) await clock.sleep(pause);
      this.#kill();
    }
    this.#callOff();
    process.off('exit', this.#kill);
  }

  readonly #kill = (): void => this.#send('SIGKILL');

  #send(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (hasGroups) process.kill(-pid, signal);
      else execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    } catch {
      // It has ended, or belongs to another user.
    }
  }

  #isAlive(): boolean {
    const { pid } = this.#child;
    if (pid === undefined || !hasGroups) return false;
    try {
      process.kill(-pid, 0);
      return true;
    } catch {
      return false;
    }
  }
}
