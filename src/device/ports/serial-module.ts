import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { DeviceError } from '../device.ts';

/** An open port of serialport, below its stream. */
export interface BindingPort {
  /** Resolves with at least one byte; rejects when the port is closed or gone. */
  read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number }>;
  /** One at a time. Resolves when the system has taken all bytes. */
  write(buffer: Buffer): Promise<void>;
  update(options: { baudRate: number }): Promise<void>;
  /** What is left out counts as false on one system and as true on another. */
  set(options: SetOptions): Promise<void>;
  get(): Promise<unknown>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface SetOptions {
  readonly brk: boolean;
  readonly cts: boolean;
  readonly dsr: boolean;
  readonly dtr: boolean;
  readonly rts: boolean;
  /** Linux: lets an FTDI bridge pass on what it has after 1 ms instead of 16. */
  readonly lowLatency: boolean;
}

export interface ListedPort {
  readonly path: string;
  /** Windows: as its device manager calls it. */
  readonly friendlyName?: string | undefined;
  readonly manufacturer?: string | undefined;
  /** Hexadecimal. */
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}

/** What is used of serialport: its bindings, since its stream ends for good at the first error. */
export interface SerialModule {
  readonly SerialPort: {
    list(): Promise<ListedPort[]>;
    readonly binding: { open(options: { path: string; baudRate: number }): Promise<BindingPort> };
  };
}

export type LoadSerial = () => Promise<SerialModule>;

export const loadSerial: LoadSerial = () => import('serialport');

/** Loads serialport, or says how to do without. */
export async function serialModule(load: LoadSerial, name: string): Promise<SerialModule> {
  try {
    return await load();
  } catch (error) {
    // Optional since it is native code: npm goes on without it where there is none for a platform.
    const message = `${name} needs the package serialport, which is not installed or does not run on this platform`;
    const hint = 'npm install serialport; or without it: socket://, rfc2217://, or your own esptool by --esptool';
    throw new DeviceError(diagnostic('port-missing', message, { hint }), { cause: error });
  }
}
