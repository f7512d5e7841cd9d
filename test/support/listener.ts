import assert from 'node:assert/strict';
import { DeviceError } from '../../src/flash/device.ts';
import type { LinkEvents } from '../../src/flash/link.ts';

/** Takes what comes over a way, and lets a test wait for it. */
export class Listener implements LinkEvents {
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
    await this.#until(() => this.received.length >= size, `${size} bytes`);
    return this.received;
  }

  /** Resolves with why the way was lost. */
  async end(): Promise<string> {
    await this.#until(() => this.reasons.length > 0, 'the end of the way');
    return this.reasons[0]!;
  }

  async #until(isThere: () => boolean, what: string): Promise<void> {
    const timer = setTimeout(() => this.#notify(), 8000);
    const start = performance.now();
    while (!isThere()) {
      assert.ok(performance.now() - start < 7900, `no ${what}: ${this.received.length} bytes, ${this.reasons}`);
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
    clearTimeout(timer);
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
