import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

interface Log {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly locations?: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region?: object;
            };
          },
        ];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}

test('each finding is a result with its rule, its place and a fingerprint that outlives other days', async (t) => {
  const cwd = scratch(t);
  cpSync(join(fixtures, 'pki/faults/expired.crt'), join(cwd, 'a b.crt'));
  writeFileSync(
    join(cwd, 'pki.config.json'),
    '{ "partitions": { "client_cert": { "files": "a b.crt", "size": "8K", "headroom": "90%" } },\n "checks": { "expired": "warning" } }',
  );
  const log = async () => JSON.parse((await atPki(cwd, 'check', '--reporter', 'sarif')).stdout) as Log;
  const first = await log();
  const [run] = first.runs;
  assert.equal(first.version, '2.1.0');
  assert.deepEqual(
    run.tool.driver.rules.map(({ id }) => id),
    ['expired', 'headroom'],
  );
  assert.deepEqual(
    run.results.map(({ ruleId, ruleIndex, level, locations }) => [
      ruleId,
      ruleIndex,
      level,
      locations?.[0].physicalLocation,
    ]),
    [
      ['expired', 0, 'warning', { artifactLocation: { uri: 'a%20b.crt' } }],
      [
        'headroom',
        1,
        'warning',
        { artifactLocation: { uri: 'pki.config.json' }, region: { startLine: 1, startColumn: 19, endColumn: 32 } },
      ],
    ],
  );
  writeFileSync(
    join(cwd, 'pki.config.json'),
    '\n\n{ "partitions": { "client_cert": { "files": "a b.crt", "size": "4K", "headroom": "90%" } },\n "checks": { "expired": "warning" } }',
  );
  const [later] = (await log()).runs;
  assert.deepEqual(
    later.results.map((one) => one.partialFingerprints),
    run.results.map((one) => one.partialFingerprints),
  );
});
