import type { Clock } from '../core/clock.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { FlashReader } from '../core/flash-reader.ts';
import type { Range } from '../core/range.ts';
import type { Port } from './connection.ts';

/** Bytes that go to one place. */
export interface Run {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What a chip says of itself before anything is written. */
export interface ChipFacts {
  /** As Espressif writes it: `ESP32-C3`. */
  readonly chip: string;
  /** `a1:b2:c3:d4:e5:f6`. */
  readonly mac: string;
  readonly flashEncryption: boolean;
  readonly secureBoot: boolean;
}

/** How far a read or a write has come, in bytes of the flash. */
export type OnProgress = (done: number, total: number) => void;

export type Before = 'default-reset' | 'no-reset';
export type After = 'hard-reset' | 'no-reset';

export interface ConnectOptions {
  readonly port: Port;
  /** The rate to work at; connecting is at 115,200. */
  readonly baud: number;
  readonly before: Before;
  readonly signal?: AbortSignal;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** The name of a device in messages. */
export const deviceTitle = 'the device';

/** The capability to read and write the flash of a device as it lies in the chip. */
export interface FlashAccess extends FlashReader {
  /** MD5 of each range, in lower-case hex. */
  digest(ranges: readonly Range[]): Promise<string[]>;
  /** The bytes of a range, verified by MD5. */
  read(range: Range, onProgress?: OnProgress): Promise<Uint8Array>;
  /**
   * Erases and writes whole sectors: offsets and lengths are multiples of `sectorSize`. Not verified here. Nothing
   * outside the runs is erased or written, also when it fails half way.
   */
  write(runs: readonly Run[], onProgress?: OnProgress): Promise<void>;
}

/**
 * A device that a driver is connected to, with the capabilities that the driver has. All methods, those of capabilities
 * too, throw a DeviceError; afterwards only `close` may be called. One call at a time.
 */
export type Device = FlashDevice | DeviceWithoutFlash;

interface ConnectedDevice {
  /** Diagnostics of connecting, such as a baud rate that did not answer. */
  readonly notes: readonly Diagnostic[];
  /** Resets the chip or leaves it, and closes the connection. Ends within seconds and never throws. */
  close(after: After): Promise<void>;
}

/** Nothing is written to a chip whose locks are not known, and backups are kept by chip and MAC address. */
export interface FlashDevice extends ConnectedDevice {
  readonly info: ChipFacts;
  readonly flash: FlashAccess;
}

interface DeviceWithoutFlash extends ConnectedDevice {
  /** Facts that the driver can learn of the chip; the others are absent. */
  readonly info: Partial<ChipFacts>;
  readonly flash?: undefined;
}

/** Connects to devices: by ourselves, or by the user's own esptool. */
export interface Driver {
  connect(options: ConnectOptions): Promise<Device>;
}

/**
 * What goes wrong between here and the chip. The one exception that is no bug: it passes through the code of esptool-js,
 * which knows nothing else, and becomes a diagnostic of the report where the driver is called.
 */
export class DeviceError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic, options?: ErrorOptions) {
    super(diagnostic.message, options);
    this.diagnostic = diagnostic;
  }
}
