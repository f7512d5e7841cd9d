import { createHash } from 'node:crypto';
import { endOf, type Range } from '../core/range.ts';
import type { Run } from '../device/device.ts';

/** Bytes at hand that have this MD5 and were in that range once; whether they still are, the device's own MD5 says. */
export type SectorLookup = (range: Range, md5: string) => Uint8Array | undefined;

/** Returns a lookup in runs of flash. */
export function lookupIn(runs: readonly Run[]): SectorLookup {
  return (range, md5) => {
    for (const { offset, bytes } of runs) {
      if (range.offset < offset || endOf(range) > offset + bytes.length) continue;
      const part = bytes.subarray(range.offset - offset, endOf(range) - offset);
      if (createHash('md5').update(part).digest('hex') === md5) return part;
    }
    return undefined;
  };
}
