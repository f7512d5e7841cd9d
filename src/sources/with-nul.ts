import { concat } from '../core/bytes.ts';
import type { SourceEntry } from './read-files.ts';

/**
 * A file with a NUL at its end: ESP-AT v2.2 to v3.1 hands the PEM of Wi-Fi Enterprise to mbedTLS without the NUL that it
 * needs (-0x2180). One that has it already stays as it is.
 */
export function withNul(entry: SourceEntry): SourceEntry {
  if (entry.bytes.at(-1) === 0) return entry;
  const { identified: _, bytes, ...rest } = entry;
  return { ...rest, bytes: concat([bytes, new Uint8Array(1)]) };
}
