import type { ChipName } from './chips.ts';
import type { Timing } from './timing.ts';

export interface ChipOptions {
  /** esp32c3 where not said. */
  readonly chip?: ChipName;
  /** Bytes, a power of two from 1 to 16 MiB; 4 MiB where not said. */
  readonly flashSize?: number;
  /** `a1:b2:c3:d4:e5:f6`. */
  readonly mac?: string;
  /** From the start of the flash on; the rest is erased. */
  readonly flash?: Uint8Array;
  readonly flashEncryption?: boolean;
  readonly secureBoot?: boolean;
  readonly secureDownload?: boolean;
  /** Whether DTR and RTS reach EN and IO0; true where not said. */
  readonly lines?: boolean;
  /** Milliseconds that EN takes to rise after RTS let go of it; 5 where not said. */
  readonly enableRise?: number;
  /** What runs at first: `app` with lines and `rom` without, where not said. It starts like that again, a stub aside. */
  readonly start?: 'app' | 'rom' | 'stub';
  /** Above this rate nothing gets through unharmed. */
  readonly maxBaud?: number;
  /** True: typical times; an object: those, with these changes. As fast as possible where not said. */
  readonly timing?: boolean | Partial<Timing>;
  /** Told all that goes over the wire and every fault that strikes, each with its time. */
  readonly trace?: (line: string) => void;
}
