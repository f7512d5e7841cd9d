import type { ESPLoader } from 'esptool-js';
import { realClock } from '../../../core/clock.ts';
import { type Diagnostic, diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { grouped, parseBytes } from '../../../core/text.ts';
import { locks } from '../../check-chip.ts';
import { flashPins, romBaud } from '../../chips.ts';
import { diagnoseConnect } from '../../connect-diagnosis.ts';
import { type ConnectOptions, DeviceError, type Driver, type FlashDevice } from '../../device.ts';
import { interrupted } from '../../interrupted.ts';
import { readChipFacts } from './chip-facts.ts';
import { Stub } from './stub.ts';
import { StubFlash } from './stub-flash.ts';
import { type ChipTransport, chipTransport } from './transport.ts';
import { quietWatchdogs } from './watchdogs.ts';

/**
 * Our own driver: esptool-js finds the chip, brings its stub into its RAM and sets the rate; from there on we speak
 * with the stub ourselves (stub-flash.ts).
 */
export const stubDriver = { connect } satisfies Driver;

async function connect(options: ConnectOptions): Promise<FlashDevice> {
  const { port, baud, before } = options;
  const isReset = before === 'default-reset' && port.hasLines;
  try {
    return await connectAt(romBaud, isReset, options);
  } catch (error) {
    // A stub that a flash left behind when it broke off runs at the rate that it was given.
    const isLost = error instanceof DeviceError && error.diagnostic.code === 'chip-silent';
    if (isReset || !isLost || baud === romBaud) throw error;
    return await connectAt(baud, isReset, options).catch(() => Promise.reject(error));
  }
}

async function connectAt(firstBaud: number, isReset: boolean, options: ConnectOptions): Promise<FlashDevice> {
  const { port, baud, signal, clock = realClock } = options;
  const esptool = await import('esptool-js/bundle.js');
  const transport = chipTransport(esptool, port, clock, signal);
  const interrupt = () => transport.fail(interrupted());
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const silent = { clean() {}, write() {}, writeLine() {} };
    const loader = new esptool.ESPLoader({ transport, baudrate: baud, romBaudrate: firstBaud, terminal: silent });
    return await prepare(loader, transport, isReset, options);
  } catch (error) {
    // Defect 10 of esptool-js: it leaves the port open when it throws.
    await transport.disconnect();
    throw why(error, transport, options);
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

async function prepare(
  loader: ESPLoader,
  transport: ChipTransport,
  isReset: boolean,
  { port, baud, signal }: ConnectOptions,
): Promise<FlashDevice> {
  transport.syncsInBothPhases = !isReset;
  await loader.detectChip(isReset ? 'default_reset' : 'no_reset');
  transport.syncsInBothPhases = false;
  const facts = await readChipFacts(loader);
  // As `main` of esptool-js has it: over the USB-OTG of an ESP32-S2 or S3, neither ROM nor stub takes larger blocks.
  await loader.chip.postConnect?.(loader);
  await quietWatchdogs(loader, port);
  await runStub(loader, facts);
  // Defect 5 of esptool-js: without the stub every MD5 is wrong, and there is no way to read.
  if (!loader.IS_STUB) throw new DeviceError(withoutStub(facts.chip));
  if (baud !== transport.baudrate) await loader.changeBaud();
  const size = await readFlashSize(loader);
  const notes = transport.baudrate === baud ? [] : [slower(baud, transport.baudrate)];
  const stub = new Stub(transport);
  const { hasLines } = port;
  const flash = new StubFlash({ size, transport, stub, hasLines, largestBlock: loader.FLASH_WRITE_SIZE, signal });
  return { info: facts, notes, flash, close: (after) => flash.close(after) };
}

/** A chip with secure boot may refuse it, and then it is that which is to be said. */
async function runStub(loader: ESPLoader, facts: Parameters<typeof locks>[0]): Promise<void> {
  try {
    await loader.runStub();
  } catch (error) {
    const [lock] = locks(facts);
    throw lock ? new DeviceError(lock, { cause: error }) : error;
  }
}

/** Bytes, by the capacity that the flash chip gives in its JEDEC id. */
async function readFlashSize(loader: ESPLoader): Promise<number> {
  const bytes = parseBytes((await loader.detectFlashSize())?.replace(/B$/, '') ?? '');
  if (bytes !== undefined) return bytes;
  const message = 'the chip does not get an answer from its flash, or one that makes no sense';
  const hint = `look whether something else is wired to the pins of the flash (${flashPins})`;
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
  return isTheirs ? new DeviceError(diagnoseConnect(error, transport.heard, options), { cause: error }) : error;
}

const withoutStub = (chip: string): Diagnostic =>
  diagnostic('chip-unsupported', `this ${chip} does not take the program that reads and writes its flash`, {
    hint: 'in secure download mode no tool can verify what it writes',
  });

const slower = (asked: number, used: number): Diagnostic =>
  diagnostic('baud-fallback', `the board does not answer at ${grouped(asked)} baud; ${grouped(used)} are used`, {
    hint: `"baud": ${used} in the config, or --baud ${used}, saves the attempt`,
  });
