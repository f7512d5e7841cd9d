/**
 * A way to a chip: a serial port, a socket, or a simulated chip in a test. Nothing is open yet. `open` and the methods
 * of a link throw a DeviceError whose diagnostic says the likely cause and the next step.
 */
export interface Way {
  /** As the user knows it: `/dev/ttyUSB0`, `COM3`, `socket://host:4000`. */
  readonly name: string;
  /** Whether DTR and RTS reach the board, so that it can be reset. */
  readonly hasLines: boolean;
  readonly usb?: UsbIds;
  /** An aborted `signal` ends the attempt, in whatever error, where it may last: over a network. */
  open(baud: number, events: LinkEvents, signal?: AbortSignal): Promise<Link>;
}

export interface UsbIds {
  readonly vendorId: number;
  readonly productId: number;
}

export interface LinkEvents {
  data(bytes: Uint8Array): void;
  /** The way is gone: a cable pulled, a connection closed by the other side. Said once, never after `close`. */
  lost(reason: string): void;
}

/** An open way. */
export interface Link {
  /** Resolves when the bytes are handed over, not when they have arrived. */
  write(bytes: Uint8Array): Promise<void>;
  setBaud(baud: number): Promise<void>;
  /** The whole state of both lines; `true` asserts. Without effect where there are none. */
  setLines(lines: Lines): Promise<void>;
  /** Ends within a second and never throws, whatever state the way is in. A second call does nothing. */
  close(): Promise<void>;
}

export interface Lines {
  readonly dtr: boolean;
  readonly rts: boolean;
}
