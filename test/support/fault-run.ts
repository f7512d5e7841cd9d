import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { codes } from '../../src/core/codes.ts';
import { isError } from '../../src/core/diagnostic.ts';
import { type SimulatedChip, simulatedChip } from './chip/chip.ts';
import { type ChipName, chipKinds } from './chip/chips.ts';
import type { Fault } from './chip/faults.ts';
import type { OpName } from './chip/protocol.ts';
import { type FlashProject, flashProject } from './flash-project.ts';
import { flashChip } from './flash-run.ts';
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

/** Milliseconds. The longest wait of a flash is for a board that never answers: seven resets of a second each. */
const patience = 45_000;

/**
 * Flashes a device while something goes wrong, then once more. The first run ends in time, with the device as planned or
 * with an error that says what to do, its port closed; the second one completes; outside of the partitions no byte ever
 * changes. With `twice` two things go wrong in the first run, and there is another one like it before the last.
 */
export async function faultRun(t: Cleanup, seed: number, twice = false): Promise<void> {
  const below = dice(seed);
  const project = flashProject(scratch(t), below(2) === 0 ? 'atpki' : 'nvs');
  const faults = Array.from({ length: twice ? 4 : 1 }, () => anyFault(below));
  const names = Object.keys(chipKinds) as ChipName[];
  const start = project.flash.slice();
  // What was in the partitions before is anything; in those of NVS nothing that could be kept.
  start.set(noise(project.range.size, seed + 1), project.range.offset);
  // Every third board has nobody to reset it: what the first run left behind, the second one has to deal with.
  const lines = below(3) > 0;
  const chip = simulatedChip({ chip: names[below(names.length)] ?? 'esp32', flash: start, lines });
  t.after(() => chip.close());
  const before = chip.flash.slice();
  const what = `seed ${seed}, ${chip.name}, ${lines ? '' : 'no lines, '}${JSON.stringify(faults)}`;

  await brokenRun(project, chip, faults.slice(0, 2), before, what);
  revive(chip, faults.slice(0, 2));
  if (twice) {
    await brokenRun(project, chip, faults.slice(2), before, what);
    revive(chip, faults.slice(2));
  }
  const last = await flashChip(project.folder, chip);
  assert.deepEqual(last.diagnostics.filter(isError), [], what);
  holdsImages(chip, last, what);
  sameOutside(chip, before, project, what);
}

async function brokenRun(
  project: FlashProject,
  chip: SimulatedChip,
  faults: readonly Fault[],
  before: Uint8Array,
  what: string,
): Promise<void> {
  chip.faults.add(...faults);
  const started = Date.now();
  const result = await flashChip(project.folder, chip);
  const took = Date.now() - started;
  assert.ok(took < patience * faults.length, `${what}: ended after ${took} ms`);
  assert.equal(chip.isPlugged, false, `${what}: the port is closed`);
  sameOutside(chip, before, project, what);
  const errors = result.diagnostics.filter(isError);
  if (errors.length === 0) holdsImages(chip, result, what);
  for (const { code, message, hint } of errors) {
    assert.equal(codes[code].blame, 'device', `${what}: ${code}: ${message}`);
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

function holdsImages(chip: SimulatedChip, result: Awaited<ReturnType<typeof flashChip>>, what: string): void {
  for (const { name, file, offset = 0 } of result.partitions) {
    const image = readFileSync(file);
    assert.ok(image.equals(chip.flash.subarray(offset, offset + image.length)), `${what}: ${name} is as planned`);
  }
}

function sameOutside(chip: SimulatedChip, before: Uint8Array, { range }: FlashProject, what: string): void {
  const end = range.offset + range.size;
  const isSame = (from: number, to?: number) =>
    Buffer.from(chip.flash.subarray(from, to)).equals(before.subarray(from, to));
  assert.ok(isSame(0, range.offset) && isSame(end), `${what}: outside of the partitions nothing changed`);
}
