import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { erased } from '../../src/core/bytes.ts';
import { blameOf } from '../../src/core/diagnostics/codes.ts';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { buildProject } from '../../src/pipeline/build.ts';
import type { Build, BuildResult } from '../../src/pipeline/result.ts';
import { type SimulatedChip, simulatedChip } from './chip/chip.ts';
import { type ChipName, chipKinds } from './chip/chips.ts';
import type { Fault } from './chip/faults.ts';
import type { OpName } from './chip/protocol.ts';
import { type FlashProject, flashProject } from './flash-project.ts';
import { flashBuilt } from './flash-run.ts';
import { noise } from './noise.ts';
import { type Cleanup, scratch } from './scratch.ts';

/** Numbers below a bound, the same ones for the same seed. */
function dice(seed: number): (bound: number) => number {
  const bytes = noise(4096, seed * 2 + 1);
  let at = 0;
  return (bound) => {
    at += 4;
    const number = new DataView(bytes.buffer).getUint32(at % (bytes.length - 4), true);
    return number % bound;
  };
}

const ops: readonly OpName[] = [
  'flashDeflBegin',
  'flashDeflData',
  'flashDeflEnd',
  'md5',
  'readFlash',
  'memData',
  'sync',
];

/** One fault of any kind, anywhere in a flash of nine partitions: about 11,000 bytes there and 40,000 back. */
function anyFault(below: (bound: number) => number): Fault {
  const side = below(2) === 0 ? 'toChip' : 'toHost';
  const at = below(below(4) === 0 ? 60_000 : 20_000);
  const op = ops[below(ops.length)] ?? 'md5';
  const nth = 1 + below(op === 'md5' ? 20 : 9);
  const faults: readonly Fault[] = [
    { kind: 'drop', side, at, count: 1 + below(3) },
    { kind: 'corrupt', side, at, count: 1 + below(20) },
    { kind: 'delay', side, at, ms: below(5000) },
    { kind: 'cut', side, at, power: below(2) === 0 ? 'lost' : 'kept' },
    { kind: 'reset', side, at, into: below(2) === 0 ? 'app' : 'rom' },
    { kind: 'silence', side, at },
    { kind: 'nak', op, nth },
    { kind: 'lost-reply', op, nth },
    { kind: 'garbage', op, nth },
    { kind: 'wrong-md5', nth },
    { kind: 'power', programmed: below(36_000) },
  ];
  return faults[below(faults.length)] ?? { kind: 'silence', side, at };
}

interface Built extends FlashProject {
  readonly built: Build;
}

const builds = new Map<string, Promise<Built>>();

/** One for all runs: they differ in what becomes of the images, not in these. */
function builtProject(kind: 'atpki' | 'nvs'): Promise<Built> {
  const build = async (): Promise<Built> => {
    const project = flashProject(scratch({ after: (clean) => process.once('exit', clean) }), kind);
    return { ...project, built: await buildProject({ cwd: project.folder }, 'flash') };
  };
  const building = builds.get(kind) ?? build();
  builds.set(kind, building);
  return building;
}

/** What a device holds that was never written to. */
const blank = erased(2 * 2 ** 20);

/** Milliseconds. The longest wait of a flash is for a board that never answers: seven resets of a second each. */
const patience = 45_000;

export interface FaultRunOptions {
  /** Two things go wrong in the first run, and there is another one like it before the last. */
  readonly twice?: boolean;
  /** Told all that goes over the wire, what goes wrong, and what comes of it, each with its simulated time. */
  readonly trace?: (line: string) => void;
}

/**
 * Flashes a device while something goes wrong, then once more. The first run ends in time, with the device as planned or
 * with an error that says what to do, its port closed; the second one completes; outside of the partitions no byte ever
 * changes.
 */
export async function faultRun(
  t: Cleanup,
  seed: number,
  { twice = false, trace }: FaultRunOptions = {},
): Promise<void> {
  const below = dice(seed);
  const { range, flash, built } = await builtProject(below(2) === 0 ? 'atpki' : 'nvs');
  const faults = Array.from({ length: twice ? 4 : 1 }, () => anyFault(below));
  const names = Object.keys(chipKinds) as ChipName[];
  const start = flash.slice();
  // What was in the partitions before is anything; in those of NVS nothing that could be kept.
  start.set(noise(range.size, seed + 1), range.offset);
  // Every third board has nobody to reset it: what the first run left behind, the second one has to deal with.
  const lines = below(3) > 0;
  const chip = simulatedChip(t, {
    chip: names[below(names.length)] ?? 'esp32',
    flash: start,
    flashSize: blank.length,
    lines,
    ...(trace && { trace }),
  });
  const what = `seed ${seed}, ${chip.name}, ${lines ? '' : 'no lines, '}${JSON.stringify(faults)}`;
  const root = scratch(t);
  const run = async (): Promise<BuildResult> => {
    assert.ok(built.project);
    const result = await flashBuilt({ ...built, project: { ...built.project, root } }, chip, { now: () => someDay });
    trace?.(`${chip.clock.now().toFixed(3)} result ${outcomeOf(result).replaceAll(root, '')}`);
    sameOutside(chip, start, range, what);
    return result;
  };

  for (let first = 0; first < faults.length; first += 2) {
    const struck = faults.slice(first, first + 2);
    await brokenRun(chip, struck, run, what);
    revive(chip, struck);
  }
  const last = await run();
  assert.deepEqual(last.diagnostics.filter(isError), [], what);
  holdsImages(chip, last, what);
}

const someDay = new Date(Date.UTC(2026, 0, 1));

const outcomeOf = ({ diagnostics, partitions }: BuildResult): string =>
  JSON.stringify([
    diagnostics.map(({ code, message, hint }) => [code, message, hint]),
    partitions.map(({ flash }) => flash),
  ]);

async function brokenRun(
  chip: SimulatedChip,
  faults: readonly Fault[],
  run: () => Promise<BuildResult>,
  what: string,
): Promise<void> {
  chip.faults.add(...faults);
  const started = chip.clock.now();
  const result = await run();
  const took = chip.clock.now() - started;
  assert.ok(took < patience * faults.length, `${what}: ended after ${took} ms`);
  assert.equal(chip.isPlugged, false, `${what}: the port is closed`);
  const errors = result.diagnostics.filter(isError);
  if (errors.length === 0) holdsImages(chip, result, what);
  for (const { code, message, hint } of errors) {
    assert.equal(blameOf(code), 'device', `${what}: ${code}: ${message}`);
    assert.ok(hint, `${what}: ${code} says what to do`);
  }
}

/** What somebody at the desk does before running it again. */
function revive(chip: SimulatedChip, faults: readonly Fault[]): void {
  chip.faults.clear();
  if (chip.hasLines && chip.mode !== 'off') chip.reset('app');
  // The firmware runs, or the loader that is at a loss: somebody holds BOOT and presses RESET.
  const isAtALoss = chip.mode !== 'stub' || faults.some(({ kind }) => kind === 'silence');
  if (!chip.hasLines && isAtALoss) chip.reset('rom');
}

function holdsImages(chip: SimulatedChip, result: BuildResult, what: string): void {
  for (const { name, file, offset = 0 } of result.partitions) {
    const image = readFileSync(file);
    assert.ok(image.equals(chip.flash.subarray(offset, offset + image.length)), `${what}: ${name} is as planned`);
  }
}

/** @param before from the start of the flash on; the rest was erased */
function sameOutside(chip: SimulatedChip, before: Uint8Array, range: FlashProject['range'], what: string): void {
  const end = range.offset + range.size;
  const holds = (offset: number, bytes: Uint8Array) =>
    Buffer.from(chip.flash.buffer, offset, bytes.length).equals(bytes);
  const isSame =
    holds(0, before.subarray(0, range.offset)) &&
    holds(end, before.subarray(end)) &&
    holds(before.length, blank.subarray(before.length));
  assert.ok(isSame, `${what}: outside of the partitions nothing changed`);
}
