import { createHash } from 'node:crypto';
import { endOf, type Range } from '../core/range.ts';
import type { Run } from '../device/device.ts';

/** Bytes at hand that have this MD5 and were in that range once; whether they still are, the device's own MD5 says. */
export type Known = (range: Range, md5: string) => Uint8Array | undefined;

/** What is known from runs of flash that lie here. */
export function knownIn(runs: readonly Run[]): Known {
  return (range, md5) => {
    for (const { offset, bytes } of runs) {
      if (range.offset < offset || endOf(range) > offset + bytes.length) continue;
      const part = bytes.subarray(range.offset - offset, endOf(range) - offset);
      if (createHash('md5').update(part).digest('hex') === md5) return part;
    }
    return undefined;
  };
}
