import assert from 'node:assert/strict';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FormatName } from '../../src/formats/index.ts';
import { formats } from '../../src/formats/index.ts';
import { raw } from '../../src/formats/raw/format.ts';
import { build } from '../../src/index.ts';
import { runPipeline } from '../../src/pipeline/run.ts';
import { defaultChecks, type Project } from '../../src/project/project.ts';
import { fixtures } from '../support/paths.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

const now = new Date('2026-06-01T12:00:00Z');

function withFile(t: Cleanup, name: string): string {
  const cwd = scratch(t);
  cpSync(join(fixtures, 'pki/faults', name), join(cwd, 'a.crt'));
  return cwd;
}

// Without it a further image format would carry expired certificates onto devices, with exit code 0.
test('a format that nothing else knows of gets every check', async (t) => {
  const cwd = withFile(t, 'expired.crt');
  const name = 'made-up' as FormatName;
  Object.assign(formats, { [name]: { ...raw, name } });
  t.after(() => Reflect.deleteProperty(formats, name));
  const file = join(cwd, 'client_cert.bin');
  const project: Project = {
    ...{ root: cwd, outDir: cwd, occupied: [], flash: {}, device: {}, hooks: {} },
    ...{ checks: defaultChecks, skipped: [], leftAlone: [], origins: [] },
    partitions: [
      {
        ...{ name: 'client_cert', format: name, file, size: 8192 },
        sources: [{ kind: 'cert', base: cwd, path: 'a.crt', order: 'name' }],
      },
    ],
  };
  const { partitions, diagnostics } = await runPipeline(project, {
    ...{ mode: 'write', names: [], force: false, now, surroundings: { env: {}, exec: false } },
    isError: ({ severity }) => severity === 'error',
  });
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['expired'],
  );
  assert.equal(partitions[0]?.status, 'failed');
  assert.equal(existsSync(file), false);
});

test('a certificate in a raw image is checked; what was packed before is taken as it is', async (t) => {
  const said = async (cwd: string) => {
    const partitions = { client_cert: { format: 'raw', files: 'a.crt', size: '8K' } };
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ partitions }));
    return (await build({ cwd, now })).diagnostics.map(({ code }) => code);
  };
  assert.deepEqual(await said(withFile(t, 'expired.crt')), ['expired']);
  const packed = scratch(t);
  const bin = Uint8Array.of(0xf1, 0xf1, 0, 0, 0, 0, 0, 0);
  writeFileSync(join(packed, 'a.crt'), bin);
  assert.deepEqual(await said(packed), []);
});
