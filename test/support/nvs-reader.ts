import { crc32 } from 'node:zlib';

/*
 * A model of the firmware's NVS reader, written from the format and not from src: it mounts a partition as nvs_flash
 * does and looks keys up one at a time. Strict: whatever the firmware would refuse or repair is an error here.
 */

export interface Nvs {
  namespaces(): string[];
  /** Number of keys that a namespace holds, blob chunks not counted. */
  count(namespace: string): number;
  integer(namespace: string, key: string, type: string): bigint;
  string(namespace: string, key: string): Buffer;
  blob(namespace: string, key: string): Buffer;
  /** Slots in use. */
  used: number;
}

interface Found {
  ns: number;
  type: number;
  chunk: number;
  key: string;
  tail: Buffer;
  data: Buffer;
}

const checksum = (bytes: Buffer): number => (bytes.length === 0 ? 0xffffffff : crc32(bytes, 0xffffffff));

function need(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`firmware: ${message}`);
}

export function mount(image: Uint8Array): Nvs {
  const flash = Buffer.from(image.buffer, image.byteOffset, image.length);
  need(flash.length % 4096 === 0, 'size');
  const sectors = Array.from({ length: flash.length / 4096 }, (_, i) => flash.subarray(i * 4096, (i + 1) * 4096));
  const free = sectors.filter((sector) => sector.every((byte) => byte === 255));
  need(free.length > 0, 'ESP_ERR_NVS_NO_FREE_PAGES');
  const pages = sectors.filter((sector) => !free.includes(sector));
  for (const page of pages) {
    need([0xfffffffe, 0xfffffffc].includes(page.readUInt32LE(0)), 'page state');
    need(page[8] === 0xfe || page[8] === 0xff, 'page version');
    need(page.readUInt32LE(28) === checksum(page.subarray(4, 28)), 'page header');
  }
  pages.sort((a, b) => a.readUInt32LE(4) - b.readUInt32LE(4));
  need(new Set(pages.map((page) => page.readUInt32LE(4))).size === pages.length, 'sequence numbers differ');
  // Only the newest page may take further entries.
  need(
    pages.slice(0, -1).every((page) => page.readUInt32LE(0) === 0xfffffffc),
    'an active page that is not the last',
  );
  let used = 0;
  const all: Found[] = [];
  for (const page of pages) {
    const bits = (slot: number) => (page[32 + Math.floor(slot / 4)]! >> ((slot % 4) * 2)) & 3;
    need(page[63]! >> 4 === 15, 'spare bits of the bitmap');
    for (let slot = 0; slot < 126; ) {
      const entry = page.subarray(64 + slot * 32, 96 + slot * 32);
      if (bits(slot) === 3) {
        need(
          entry.every((byte) => byte === 255),
          'data in an empty slot',
        );
        slot++;
        continue;
      }
      need(bits(slot) === 2, 'erased slot');
      need(
        entry.readUInt32LE(4) === checksum(Buffer.concat([entry.subarray(0, 4), entry.subarray(8)])),
        'entry checksum',
      );
      const span = entry[2]!;
      const type = entry[1]!;
      need(span >= 1 && slot + span <= 126, 'span');
      for (let next = slot; next < slot + span; next++) need(bits(next) === 2, 'unwritten slot of an item');
      used += span;
      need(entry[23] === 0, 'key length');
      const key = entry.subarray(8, 24).toString('utf8').replace(/\0+$/, '');
      const tail = entry.subarray(24);
      let data: Buffer = Buffer.alloc(0);
      if ([0x21, 0x41, 0x42].includes(type)) {
        const length = tail.readUInt16LE(0);
        need(span === 1 + Math.ceil(length / 32), 'span of data');
        const start = 64 + (slot + 1) * 32;
        data = page.subarray(start, start + length);
        need(tail.readUInt32LE(4) === checksum(data), 'data checksum');
        need(
          page.subarray(start + length, start + (span - 1) * 32).every((byte) => byte === 255),
          'padding',
        );
      } else need(span === 1, 'span of an integer');
      all.push({ ns: entry[0]!, type, chunk: entry[3]!, key, tail, data });
      slot += span;
    }
  }
  const find = (ns: number, type: number, key: string, chunk = 255): Found | undefined =>
    all.find((one) => one.ns === ns && one.type === type && one.key === key && one.chunk === chunk);
  const open = (namespace: string): number => {
    const found = find(0, 1, namespace);
    need(found !== undefined, `namespace ${namespace} not found`);
    return found.tail[0]!;
  };
  const codes: Record<string, number> = { u8: 1, i8: 17, u16: 2, i16: 18, u32: 4, i32: 20, u64: 8, i64: 24 };
  return {
    used,
    namespaces: () => all.filter((one) => one.ns === 0).map((one) => one.key),
    count: (namespace) => {
      const ns = open(namespace);
      return all.filter((one) => one.ns === ns && one.type !== 0x42).length;
    },
    integer: (namespace, key, type) => {
      const code = codes[type]!;
      const found = find(open(namespace), code, key);
      need(found !== undefined, `${key} not found`);
      const width = (code & 15) * 8;
      need(
        found.tail.subarray(width / 8).every((byte) => byte === 255),
        'bytes behind the integer',
      );
      const raw = BigInt.asUintN(width, found.tail.readBigUInt64LE(0));
      return code >= 16 ? BigInt.asIntN(width, raw) : raw;
    },
    string: (namespace, key) => {
      const found = find(open(namespace), 0x21, key);
      need(found !== undefined && found.data.at(-1) === 0, `${key} not found`);
      return found.data.subarray(0, -1);
    },
    blob: (namespace, key) => {
      const ns = open(namespace);
      const whole = find(ns, 0x41, key);
      if (whole) return whole.data;
      const index = find(ns, 0x48, key);
      need(index !== undefined, `${key} not found`);
      const chunks = Array.from({ length: index.tail[4]! }, (_, i) => find(ns, 0x42, key, index.tail[5]! + i));
      const data = Buffer.concat(chunks.map((chunk) => chunk?.data ?? Buffer.alloc(0)));
      need(chunks.every((chunk) => chunk !== undefined) && data.length === index.tail.readUInt32LE(0), 'blob chunks');
      return data;
    },
  };
}
