/**
 * A port that a chip is at: a serial port, a socket, or a simulated chip in a test. Nothing is open yet. `open` and the
 * methods of a connection throw a DeviceError whose diagnostic says the likely cause and the next step.
 */
export interface Port {
  /** As the user knows it: `/dev/ttyUSB0`, `COM3`, `socket://host:4000`. */
  readonly name: string;
  /** Whether DTR and RTS reach the board, so that it can be reset. */
  readonly hasLines: boolean;
  readonly usb?: UsbIds;
  /** An aborted `signal` ends the attempt, in whatever error, where it may last: over a network. */
  open(baud: number, events: ConnectionEvents, signal?: AbortSignal): Promise<Connection>;
}

export interface UsbIds {
  readonly vendorId: number;
  readonly productId: number;
}

export interface ConnectionEvents {
  data(bytes: Uint8Array): void;
  /** The port is gone: a cable pulled, a connection closed by the other side. Said once, never after `close`. */
  lost(reason: string): void;
}

/** An open port. */
export interface Connection {
  /** Resolves when the bytes are handed over, not when they have arrived. */
  write(bytes: Uint8Array): Promise<void>;
  setBaud(baud: number): Promise<void>;
  /** The whole state of both lines; `true` asserts. Without effect where there are none. */
  setLines(lines: Lines): Promise<void>;
  /** Ends within a second and never throws, whatever state the port is in. A second call does nothing. */
  close(): Promise<void>;
}

export interface Lines {
  readonly dtr: boolean;
  readonly rts: boolean;
}
