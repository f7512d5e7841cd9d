import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { flashBuild } from '../../src/flash/flash.ts';
import { type Image, imageOf } from '../../src/pipeline/image.ts';
import { type ImagesRequest, makeImages } from '../../src/pipeline/make-images.ts';
import { emptyResult } from '../../src/pipeline/result.ts';
import { writeImages } from '../../src/pipeline/write-images.ts';
import { openProject } from '../../src/project/open.ts';
import type { Project } from '../../src/project/project.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { flashProject } from '../support/flash-project.ts';
import { scratch } from '../support/scratch.ts';

const request: ImagesRequest = {
  names: [],
  now: new Date('2026-06-01'),
  isError,
  surroundings: { env: {}, exec: false },
};

async function projectIn(cwd: string): Promise<Project> {
  const { project } = await openProject({ cwd });
  assert.ok(project);
  return project;
}

const names = (images: readonly Image[]): string[] => images.map(({ partition }) => partition.name);

/** A checkout that was never built. */
function unbuilt(t: TestContext): string {
  const folder = exampleCheckout(t);
  assert.ok(!existsSync(join(folder, 'build')));
  return folder;
}

test('making images touches no file', async (t) => {
  const folder = unbuilt(t);
  const project = await projectIn(folder);
  const { images, held, table, diagnostics } = await makeImages(project, request);
  assert.deepEqual(
    names(images),
    project.partitions.map(({ name }) => name),
  );
  assert.deepEqual(held, []);
  assert.deepEqual(diagnostics.filter(isError), []);
  assert.equal(table?.bytes.length, 0xc00);
  assert.ok(!existsSync(project.outDir));
});

test('writing images makes the files, their arguments, and nothing else', async (t) => {
  const project = await projectIn(unbuilt(t));
  const made = await makeImages(project, request);
  const [first] = made.images;
  assert.ok(first);
  const image = imageOf(first.partition, { image: Buffer.from('by hand'), used: 7, items: [] }, true);
  const planned = writeImages(project, { images: [image] }, { mode: 'plan', force: false });
  assert.deepEqual([...planned.statuses.values()], ['planned']);
  assert.ok(!existsSync(project.outDir));
  const written = writeImages(project, { images: [image] }, { mode: 'write', force: false });
  assert.deepEqual([...written.statuses.values()], ['built']);
  assert.deepEqual(
    readdirSync(project.outDir).sort(),
    [`${first.partition.name}.bin`, 'flash_args', 'flasher_args.json'].sort(),
  );
  assert.equal(readFileSync(first.partition.file, 'utf8'), 'by hand');
  const again = writeImages(project, { images: [image] }, { mode: 'check', force: false });
  assert.deepEqual([...again.statuses.values()], ['unchanged']);
});

test('an image with errors holds back the others of its set, and only those', async (t) => {
  const folder = unbuilt(t);
  writeFileSync(join(folder, 'components/customized_partitions/raw_data/client_key/client_key_00.key'), 'no key');
  const { images, held } = await makeImages(await projectIn(folder), request);
  assert.deepEqual(
    held.map(({ partition, status, image }) => [partition.name, status, image !== undefined]),
    [
      ['client_cert', 'skipped', true],
      ['client_key', 'failed', false],
      ['client_ca', 'skipped', true],
    ],
  );
  assert.ok(!names(images).some((name) => name.startsWith('client')));
});

test('what reaches a device are the bytes that were made, whatever lies on disk', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  const project = await projectIn(folder);
  const { images } = await makeImages(project, request);
  for (const { partition } of images) assert.ok(!existsSync(partition.file));
  const partitions = images.map(({ partition }) => ({ ...partition, items: [], status: 'built' as const }));
  const result = await flashBuild(
    { ...emptyResult('flash', folder, []), partitions, images, project },
    {
      ...{ device: {}, full: false, updateTable: false, backup: false },
      now: () => new Date(),
      onPhase: () => {},
      ...chip.access(),
    },
  );
  assert.deepEqual(result.diagnostics.filter(isError), []);
  for (const { partition, bytes } of images) {
    const { offset = 0 } = partition;
    assert.deepEqual(Buffer.from(chip.flash.subarray(offset, offset + bytes.length)), Buffer.from(bytes));
    assert.ok(!existsSync(partition.file));
  }
});
