import { createHash } from 'node:crypto';
import { diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import type { Range } from '../../src/core/range.ts';
import { sectorSize } from '../../src/core/range.ts';
import { DeviceError, deviceTitle, type FlashAccess, type FlashDevice, type Run } from '../../src/device/device.ts';

/** A device that is nothing but flash, for tests of what is done with one. Counts what was asked of it. */
export interface MemoryDevice extends FlashDevice {
  /** What the flash holds, to be looked at and changed. */
  readonly bytes: Uint8Array;
  readonly asked: Asked;
}

export interface Asked {
  /** MD5s, one for each range. */
  md5: number;
  reads: number;
  bytesRead: number;
  sectorsErased: number;
}

export interface MemoryDeviceOptions {
  /** Sectors that are erased and written before the power goes. */
  readonly cutAfter?: number;
}

/** `content`: the whole flash, or its bytes by offset in an erased one of 4 MiB. */
export function memoryDevice(
  content: Uint8Array | Readonly<Record<number, Uint8Array>> = {},
  { cutAfter = Number.POSITIVE_INFINITY }: MemoryDeviceOptions = {},
): MemoryDevice {
  const held = content instanceof Uint8Array ? content : flashOf(content);
  const asked: Asked = { md5: 0, reads: 0, bytesRead: 0, sectorsErased: 0 };
  const part = ({ offset, size }: Range): Uint8Array => {
    if (offset < 0 || size < 0 || offset + size > held.length) throw new RangeError(`no flash at ${offset}, ${size}`);
    return held.subarray(offset, offset + size);
  };
  const flash: FlashAccess = {
    title: deviceTitle,
    size: held.length,
    async digest(ranges) {
      asked.md5 += ranges.length;
      return ranges.map((range) => createHash('md5').update(part(range)).digest('hex'));
    },
    async read(range, onProgress) {
      asked.reads++;
      asked.bytesRead += range.size;
      onProgress?.(range.size, range.size);
      return part(range).slice();
    },
    async write(runs, onProgress) {
      const total = runs.reduce((sum, { bytes }) => sum + bytes.length, 0);
      let done = 0;
      for (const { offset, bytes } of sectorsOf(runs)) {
        if (asked.sectorsErased >= cutAfter) {
          throw new DeviceError(diagnostic('port-lost', 'the cable was pulled'));
        }
        asked.sectorsErased++;
        const sector = part({ offset, size: sectorSize });
        sector.fill(0xff);
        // NOR flash: what is written can only clear bits.
        for (const [at, byte] of bytes.entries()) sector[at]! &= byte;
        done += sectorSize;
        onProgress?.(done, total);
      }
    },
  };
  return { info: someChip, notes: [], flash, bytes: held, asked, async close() {} };
}

const someChip = {
  chip: 'ESP32-C3',
  mac: 'a0:b1:c2:d3:e4:f5',
  flashEncryption: false,
  secureBoot: false,
};

function flashOf(parts: Readonly<Record<number, Uint8Array>>): Uint8Array {
  const flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  for (const [offset, bytes] of Object.entries(parts)) flash.set(bytes, Number(offset));
  return flash;
}

function* sectorsOf(runs: readonly Run[]): Generator<Run> {
  for (const { offset, bytes } of runs) {
    if (offset % sectorSize !== 0 || bytes.length % sectorSize !== 0) {
      throw new RangeError(`a write of ${bytes.length} bytes at ${offset} is not of whole sectors`);
    }
    for (let at = 0; at < bytes.length; at += sectorSize) {
      yield { offset: offset + at, bytes: bytes.subarray(at, at + sectorSize) };
    }
  }
}
