import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Diagnostic, isError } from '../../src/core/diagnostics/diagnostic.ts';
import { ok } from '../../src/core/result.ts';
import { certificatesIn } from '../../src/formats/certificates.ts';
import type { FormatName } from '../../src/formats/index.ts';
import type { StoredValues } from '../../src/formats/stored-values.ts';
import { toReport } from '../../src/pipeline/build-report.ts';
import { emptyResult } from '../../src/pipeline/result.ts';
import { runPipeline } from '../../src/pipeline/run.ts';
import { openProject } from '../../src/project/open.ts';
import type { Project } from '../../src/project/project.ts';
import { inputsOf, noInputs } from '../../src/watch/inputs.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { flashProject } from '../support/flash-project.ts';
import { flashBuilt } from '../support/flash-run.ts';
import { madeUp, register } from '../support/made-up-format.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

// Everything that serves a format serves one that it never heard of. A new format is a folder and a line.
register(madeUp);

/** A project whose images are all made up, and the flash of a device that fits it. */
async function made(t: TestContext): Promise<{ project: Project; folder: string; flash: Uint8Array }> {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const { project } = await openProject({ cwd: folder });
  assert.ok(project);
  const partitions = project.partitions.map((partition) => ({ ...partition, format: 'made-up' as FormatName }));
  return { project: { ...project, partitions }, folder, flash };
}

const build = (project: Project, now = new Date('2026-06-01')) =>
  runPipeline(project, {
    ...{ mode: 'write', force: false, names: [], now, isError },
    surroundings: { env: {}, exec: false },
  });

/** Any byte behind the image is a value of the device. */
const madeUpValues: StoredValues = {
  compare(_held, planned) {
    const value = { namespace: 'mine', key: 'k', type: 'text', length: 1 };
    return ok({
      ...{ onlyOnDevice: [value], leftOver: [], changed: [value], problems: [] },
      merge: () => ok(Uint8Array.of(...planned, 0x2a)),
    });
  },
};

const magicless = new TextEncoder().encode('content');

const codes = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.filter(isError).map(({ code }) => code);

test('it is checked and built, and stands in the report', async (t) => {
  const { project, folder } = await made(t);
  const outcome = await build(project);
  assert.deepEqual(codes(outcome.diagnostics), []);
  const report = toReport({ ...emptyResult('build', folder, []), ...outcome });
  for (const { name, format, status, items, sha256 } of report.partitions) {
    assert.deepEqual([format, status], ['made-up', 'built'], name);
    assert.ok(items.length > 0 && sha256 !== undefined);
  }
  assert.ok(codes((await build(project, new Date('2099-01-01'))).diagnostics).includes('expired'));
});

test('an image of it in the place of a certificate is named as one', async (t) => {
  const { project, folder } = await made(t);
  const encoded = madeUp.encode([], { size: 8192 });
  assert.ok(encoded.ok);
  writeFileSync(join(folder, 'raw_data/client_cert/client_cert_00.crt'), encoded.value.image);
  const { diagnostics } = await build(project);
  const [found] = diagnostics.filter(({ code }) => code === 'slot-kind');
  assert.match(found?.message ?? '', / is a made-up image, already packed; client_cert takes a certificate$/);
  assert.match(found?.hint ?? '', /at-pki extract gives it back/);
});

test('a device gets it', async (t) => {
  const { project, folder, flash } = await made(t);
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  const outcome = await build(project);
  const result = await flashBuilt({ ...emptyResult('flash', folder, []), ...outcome, project }, chip);
  assert.deepEqual(codes(result.diagnostics), []);
  for (const { name, offset = 0, file, flash: written } of result.partitions) {
    assert.equal(written?.status, 'written', name);
    const image = readFileSync(file);
    assert.deepEqual(Buffer.from(chip.flash.subarray(offset, offset + image.length)), image);
  }
});

test('what only the device has in it is not lost without a word, as its format reads it', async (t) => {
  register({ ...madeUp, values: async () => madeUpValues });
  t.after(() => register(madeUp));
  const { project, folder, flash } = await made(t);
  for (const [values, images, code] of [
    [undefined, 0, 'device-values'],
    ['merge', project.partitions.length, 'values-kept'],
    ['overwrite', project.partitions.length, 'values-replaced'],
  ] as const) {
    const chip = simulatedChip(t, { chip: 'esp32', flash: flash.slice() });
    const outcome = await build(project);
    const result = await flashBuilt({ ...emptyResult('flash', folder, []), ...outcome, project }, chip, { values });
    assert.ok(result.diagnostics.some((found) => found.code === code));
    const written = result.partitions.filter((partition) => partition.flash?.status === 'written');
    assert.equal(written.length, images, code);
    for (const { offset = 0, file } of written) {
      const end = offset + readFileSync(file).length;
      assert.equal(chip.flash[end], values === 'merge' ? 0x2a : 0xff);
    }
  }
});

test('its entries come from namespaces, too, each with the name that it is stored by', async (t) => {
  const { project } = await made(t);
  const namespace = { name: 'mine', sources: [], nul: false, values: [{ key: 'k', type: 'text', bytes: magicless }] };
  const [first] = project.partitions;
  assert.ok(first);
  let stored: unknown;
  register({
    ...madeUp,
    encode(entries, target) {
      stored = [entries.map(({ storedAs }) => storedAs), target.settings];
      return madeUp.encode(entries, target);
    },
  });
  t.after(() => register(madeUp));
  const partition = { ...first, sources: [], namespaces: [namespace], settings: { round: true } };
  const { diagnostics } = await build({ ...project, partitions: [partition] });
  assert.deepEqual(codes(diagnostics), []);
  assert.deepEqual(stored, [[{ namespace: 'mine', key: 'k', type: 'text' }], { round: true }]);
});

test('a watch knows its sources and its images', async (t) => {
  const { project, folder } = await made(t);
  const inputs = inputsOf({ cwd: folder }, { project, diagnostics: [] }, noInputs(folder));
  assert.equal(inputs.sources.length, project.partitions.length);
  for (const { file } of project.partitions) assert.ok(inputs.outputs.has(file));
});

test('inspect, extract and diff open it, also in a dump of its partition', async (t) => {
  const folder = scratch(t);
  const [certificate, key] = ['client_cert/client_cert_00.crt', 'client_key/client_key_00.key'].map((name) =>
    readFileSync(join(fixtures, 'pki/raw_data', name)),
  ) as [Buffer, Buffer];
  const entries = [
    { name: 'a.crt', kind: 'cert', bytes: certificate },
    { name: 'a.key', kind: 'key', bytes: key },
  ] as const;
  const encoded = madeUp.encode(entries, { size: 8192 });
  assert.ok(encoded.ok);
  const dump = Buffer.alloc(8192, 0xff);
  dump.set(encoded.value.image);
  writeFileSync(join(folder, 'a.bin'), encoded.value.image);
  writeFileSync(join(folder, 'b.bin'), dump);

  const inspected = await atPki(folder, 'inspect', 'a.bin');
  assert.match(inspected.stdout, /^a\.bin: made-up, 2 items, [\d,]+ bytes\n {2}cert\.0 {2}at 0x4/);
  assert.match(inspected.stdout, /private key, RSA 2048/);
  assert.equal(JSON.parse((await atPki(folder, 'inspect', 'b.bin', '--json')).stdout).format, 'made-up');

  const same = await atPki(folder, 'diff', 'a.bin', 'b.bin');
  assert.deepEqual([same.code, same.stdout], [0, 'a.bin and b.bin hold the same: 2 entries\n']);
  const changed = madeUp.encode([entries[1]], { size: 8192 });
  assert.ok(changed.ok);
  writeFileSync(join(folder, 'c.bin'), changed.value.image);
  assert.match((await atPki(folder, 'diff', 'a.bin', 'c.bin')).stdout, /2 only in the first, 1 only in the second/);

  assert.equal((await atPki(folder, 'extract', 'b.bin', '-o', 'out')).code, 0);
  assert.deepEqual(readdirSync(join(folder, 'out')).sort(), ['cert_00.crt', 'key_00.key']);
  assert.deepEqual(readFileSync(join(folder, 'out/cert_00.crt')), certificate);

  const found = certificatesIn(encoded.value.image);
  assert.deepEqual([found.what, found.certificates.length, found.others], ['made-up image', 1, ['private key']]);
});
