import type { ESPLoader } from 'esptool-js';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { parseBytes } from '../core/text.ts';
import { readChipFacts } from './chip-facts.ts';
import { type ConnectOptions, type Device, DeviceError, type Flasher } from './device.ts';
import { noAnswer } from './no-answer.ts';
import { Stub } from './stub.ts';
import { romBaud, StubDevice } from './stub-device.ts';
import { type ChipTransport, chipTransport } from './transport.ts';

/**
 * Our own flasher: esptool-js finds the chip, brings its stub into its RAM and sets the rate; from there on we speak
 * with the stub ourselves (stub-device.ts).
 */
export const ownFlasher: Flasher = { name: 'at-pki', connect };

async function connect(options: ConnectOptions): Promise<Device> {
  const { way, baud, signal } = options;
  const esptool = await import('esptool-js/bundle.js');
  const transport = chipTransport(esptool, way);
  const interrupt = () => transport.fail(new DeviceError(diagnostic('interrupted', 'interrupted')));
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const silent = { clean() {}, write() {}, writeLine() {} };
    const loader = new esptool.ESPLoader({ transport, baudrate: baud, romBaudrate: romBaud, terminal: silent });
    return await prepare(loader, transport, options);
  } catch (error) {
    // Defect 10 of flashing.md: esptool-js leaves the port open when it throws.
    await transport.disconnect();
    throw why(error, transport, options);
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

async function prepare(loader: ESPLoader, transport: ChipTransport, options: ConnectOptions): Promise<Device> {
  const { way, baud, before, signal } = options;
  await loader.detectChip(before === 'no-reset' || !way.hasLines ? 'no_reset' : 'default_reset');
  const facts = await readChipFacts(loader);
  await loader.runStub();
  // Defect 5: without the stub every MD5 of esptool-js is wrong, and there is no way to read.
  if (!loader.IS_STUB) throw new DeviceError(withoutStub(facts.chip));
  if (baud !== romBaud) await loader.changeBaud();
  const flashSize = await readFlashSize(loader);
  const notes = transport.baudrate === baud ? [] : [slower(baud, transport.baudrate)];
  const stub = new Stub(transport);
  const { hasLines } = way;
  return new StubDevice({
    facts: { ...facts, flashSize },
    notes,
    transport,
    stub,
    hasLines,
    ...(signal && { signal }),
  });
}

/** Bytes, by the capacity that the flash chip gives in its JEDEC id. */
async function readFlashSize(loader: ESPLoader): Promise<number> {
  const bytes = parseBytes((await loader.detectFlashSize())?.replace(/B$/, '') ?? '');
  if (bytes !== undefined) return bytes;
  const message = 'the chip does not get an answer from its flash, or one that makes no sense';
  const hint = 'look whether something else is wired to the pins of the flash (GPIO 6 to 11 on ESP32 and ESP8266)';
  throw new DeviceError(diagnostic('chip-unsupported', message, { hint }));
}

function why(error: unknown, transport: ChipTransport, options: ConnectOptions): unknown {
  if (error instanceof DeviceError) return error;
  try {
    // esptool-js takes every failure for one of the moment and ends with a word of its own.
    transport.throwIfFailed();
  } catch (failure) {
    return failure;
  }
  const isTheirs = error instanceof Error && !(error instanceof TypeError);
  return isTheirs ? new DeviceError(noAnswer(error, transport.heard, options), { cause: error }) : error;
}

const withoutStub = (chip: string): Diagnostic =>
  diagnostic('chip-unsupported', `this ${chip} does not take the program that reads and writes its flash`, {
    hint: 'in secure download mode no tool can verify what it writes',
  });

const slower = (asked: number, used: number): Diagnostic =>
  diagnostic(
    'baud-fallback',
    `the board does not answer at ${asked.toLocaleString('en')} baud; ${used.toLocaleString('en')} are used`,
    { hint: `"baud": ${used} in the config, or --baud ${used}, saves the attempt` },
  );
