import assert from 'node:assert/strict';
import type { ConnectionEvents } from '../../src/device/connection.ts';
import { DeviceError } from '../../src/device/device.ts';

/** Takes what comes over a way, and lets a test wait for it. */
export class Listener implements ConnectionEvents {
  readonly reasons: string[] = [];
  readonly #parts: Uint8Array[] = [];
  #notify = (): void => {};

  data(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#notify();
  }

  lost(reason: string): void {
    this.reasons.push(reason);
    this.#notify();
  }

  get received(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** Resolves when at least so many bytes have come. */
  async bytes(size: number): Promise<Buffer> {
    await this.#until(() => this.received.length >= size);
    return this.received;
  }

  /** Resolves with why the way was lost. */
  async end(): Promise<string> {
    await this.#until(() => this.reasons.length > 0);
    return this.reasons[0]!;
  }

  /** What never comes ends by the time limit of the test. */
  async #until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }
}

/** What an action has to say when it fails: code, message and hint. */
export async function refusal(action: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  const error = await action.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof DeviceError, String(error));
  const { code, message, hint = '' } = error.diagnostic;
  return { code, message, hint };
}
