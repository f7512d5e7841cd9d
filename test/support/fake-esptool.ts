import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectOptions, FlashDevice } from '../../src/device/device.ts';
import { esptoolDriver } from '../../src/device/drivers/esptool/index.ts';
import type { Program } from '../../src/device/drivers/esptool/run.ts';
import { namedPort } from './named-port.ts';
import { packageRoot } from './paths.ts';
import { type Cleanup, scratch } from './scratch.ts';

/** What is to go wrong: at connecting or in a command. `text` as a fatal error, or `raw` as it stands. */
export interface FakeFailure {
  readonly on: string;
  readonly text?: string;
  readonly raw?: string;
  readonly exit?: number;
}

export interface FakeState {
  readonly version: string;
  readonly chip?: string;
  readonly mac?: string;
  /** The MAC is printed with eight bytes, too. */
  readonly longMac?: boolean;
  /** It does not find out what chip it is. */
  readonly undetected?: boolean;
  readonly flashSize?: string;
  readonly lines?: boolean;
  readonly runs?: 'app' | 'rom' | 'stub';
  readonly rate?: number;
  readonly maxBaud?: number;
  readonly flashEncryption?: boolean;
  readonly secureBoot?: boolean;
  readonly fail?: readonly FakeFailure[];
  /** The command that never ends; `deaf`: not even by SIGINT. */
  readonly hang?: string;
  readonly deaf?: boolean;
  /** Reads give one byte too few. */
  readonly short?: boolean;
  /** Modes of each folder and file that it read or wrote. */
  readonly modes?: readonly string[];
}

export interface FakeEsptool {
  readonly program: Program;
  /** The arguments of each call. */
  calls(): string[][];
  state(): FakeState;
  change(state: Partial<FakeState>): void;
  flash(): Uint8Array;
  readonly hangs: boolean;
}

const flashBytes = 0x100000;

/** A stand-in for esptool with a chip behind it: see fake-esptool.mjs. */
export function fakeEsptool(t: Cleanup, options: FakeState): FakeEsptool {
  const folder = scratch(t);
  const stateFile = join(folder, 'state.json');
  const flash = join(folder, 'flash.bin');
  writeFileSync(
    flash,
    Uint8Array.from({ length: flashBytes }, (_, at) => (at * 7 + (at >> 10)) & 0xff),
  );
  const change = (state: object) => writeFileSync(stateFile, JSON.stringify(state));
  const state = (): FakeState => JSON.parse(readFileSync(stateFile, 'utf8'));
  const given = { chip: 'ESP32-C3', mac: '34:85:18:0a:0b:0c', lines: true, flash, ...options };
  change({ runs: given.lines ? 'app' : 'rom', rate: 115_200, ...given });
  return {
    program: [process.execPath, join(packageRoot, 'test/support/fake-esptool.mjs'), stateFile],
    calls: () =>
      readFileSync(`${stateFile}.log`, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    state,
    change: (changes) => change({ ...state(), ...changes }),
    flash: () => new Uint8Array(readFileSync(flash)),
    get hangs() {
      return existsSync(`${stateFile}.hangs`);
    },
  };
}

/** Connects as `at-pki flash` does where nothing is said, unless `options` say otherwise. */
export const connectFake = (program: Program, options: Partial<ConnectOptions> = {}): Promise<FlashDevice> =>
  esptoolDriver(program).connect({
    port: namedPort('/dev/ttyUSB0'),
    baud: 921_600,
    before: 'default-reset',
    ...options,
  });
