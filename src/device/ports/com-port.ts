import { viewOf } from '../../core/bytes.ts';
import { subnegotiation } from './telnet.ts';

/** RFC 2217: the option of telnet by which a client sets a serial port at the other end. */
export const comPortOption = 44;

// RFC 856 and 858: all eight bits, and no "go ahead" after each line. RFC 857: what is sent comes back, or rather not.
export const binaryOption = 0;
export const echoOption = 1;
export const suppressGoAheadOption = 3;

/** RFC 2217, section 3. What a server answers, or says by itself, has a number 100 higher. */
export const commands = {
  setBaudRate: 1,
  setDataSize: 2,
  setParity: 3,
  setStopSize: 4,
  setControl: 5,
  suspend: 8,
  resume: 9,
  setLineStateMask: 10,
  setModemStateMask: 11,
  purgeData: 12,
} as const;

export type Command = (typeof commands)[keyof typeof commands];

export const answerTo = (command: Command): number => command + 100;

/** Values of `setControl`. */
export const controls = { noFlowControl: 1, dtrOn: 8, dtrOff: 9, rtsOn: 11, rtsOff: 12 } as const;

/** Values of `setParity` and `purgeData`. */
export const noParity = 1;
export const bothBuffers = 3;

/** A message of the option, ready for the wire. */
export const comPortMessage = (command: number, value: Uint8Array): Uint8Array =>
  subnegotiation(comPortOption, Uint8Array.of(command, ...value));

export function rateBytes(baud: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, baud);
  return bytes;
}

/** The rate in an answer; undefined where it is too short. Some servers send more than the four bytes. */
export const rateOf = (value: Uint8Array): number | undefined =>
  value.length < 4 ? undefined : viewOf(value).getUint32(0);
