import { concat, viewOf } from '../../../src/core/bytes.ts';

/** Command numbers (esptool v5.3.1, esptool/loader.py, ESP_CMDS). */
export const op = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  readFlashSlow: 0x0e,
  changeBaud: 0x0f,
  flashDeflBegin: 0x10,
  flashDeflData: 0x11,
  flashDeflEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;

export type OpName = keyof typeof op;

const names = new Map(Object.entries(op).map(([name, code]) => [code as number, name as OpName]));

/** `flashBegin`; `0x77` for a number that is no command. */
export const opName = (code: number): OpName | string => names.get(code) ?? `0x${code.toString(16).padStart(2, '0')}`;

export interface Request {
  readonly op: number;
  /** As the header has it: the data is checked against it by the command. */
  readonly size: number;
  readonly checksum: number;
  readonly data: Uint8Array;
}

/** Undefined where the frame is no request: too short, or another direction. */
export function parseRequest(frame: Uint8Array): Request | undefined {
  if (frame.length < 8 || frame[0] !== 0) return undefined;
  const view = viewOf(frame);
  return {
    op: view.getUint8(1),
    size: view.getUint16(2, true),
    checksum: view.getUint32(4, true),
    data: frame.slice(8),
  };
}

/** The data as little-endian words; what is not there reads 0. */
export function words(data: Uint8Array): (index: number) => number {
  const view = viewOf(data);
  return (index) => (index * 4 + 4 <= data.length ? view.getUint32(index * 4, true) : 0);
}

export interface Reply {
  readonly value?: number;
  readonly data?: Uint8Array;
  /** First status byte: 0 is well. */
  readonly error?: number;
  /** Second status byte. */
  readonly detail?: number;
}

export function encodeReply(code: number, reply: Reply, statusSize: number): Uint8Array {
  const { value = 0, data = new Uint8Array(0), error = 0, detail = 0 } = reply;
  const header = new Uint8Array(8);
  const view = viewOf(header);
  view.setUint8(0, 1);
  view.setUint8(1, code);
  view.setUint16(2, data.length + statusSize, true);
  view.setUint32(4, value, true);
  const status = new Uint8Array(statusSize);
  status.set([error, detail]);
  return concat([header, data, status]);
}

/** Data commands carry 16 bytes before what is to be written: its length, a sequence number, and twice 0. */
export const dataHeaderSize = 16;

/** 0xEF xor all bytes. */
export const checksumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0xef);
