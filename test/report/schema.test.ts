import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { servedChip } from '../support/chip/chip.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { flashProject } from '../support/flash-project.ts';
import { fixtures, packageRoot } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { session } from '../support/watch-session.ts';

const schema = JSON.parse(readFileSync(join(packageRoot, 'schema/report.schema.json'), 'utf8'));

/** The schema without room for properties that it does not describe. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const own = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]));
  return 'properties' in own ? { ...own, additionalProperties: false } : own;
}

const ajv = new Ajv({ allErrors: true });
const isReport = ajv.compile(closed(schema) as object);

const valid = (text: string): unknown => {
  const report: unknown = JSON.parse(text);
  assert.ok(isReport(report), JSON.stringify([isReport.errors, report], undefined, 1));
  return report;
};

/** Reports of builds and checks: without a config, with one, with errors, and of a wrong command line. */
async function builds(t: Cleanup): Promise<unknown[]> {
  const checkout = exampleCheckout(t);
  const { folder } = flashProject(scratch(t), 'nvs');
  const normalizing = flashProject(scratch(t), 'atpki', { normalize: { pem: 'canonical' } }).folder;
  appendFileSync(join(normalizing, 'raw_data/mqtt_ca/mqtt_ca.crt'), '\r\n');
  const runs = [
    [checkout, 'build', '--dry-run'],
    [checkout, 'build', '--check'],
    [checkout, 'build'],
    [checkout, 'build'],
    [checkout, 'check'],
    [checkout, 'build', '--module', 'none'],
    [checkout, 'build', '--no-such-option'],
    [scratch(t), 'check'],
    [folder, 'build'],
    [normalizing, 'build'],
  ] as const;
  const reports: unknown[] = [];
  for (const [cwd, ...argv] of runs) reports.push(valid((await atPki(cwd, ...argv, '--json')).stdout));
  copyFileSync(join(fixtures, 'pki/faults/expired.crt'), join(normalizing, 'raw_data/mqtt_ca/mqtt_ca.crt'));
  reports.push(valid((await atPki(normalizing, 'check', '--json')).stdout));
  writeFileSync(join(folder, 'pki.config.json'), '{ "partitions": 1 }');
  reports.push(valid((await atPki(folder, 'check', '--json')).stdout));
  const overlap = {
    client_ca: { files: 'a', offset: '0x1000', size: '8K' },
    mqtt_ca: { files: 'a', offset: '0x2000', size: '8K' },
  };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify({ partitions: overlap }));
  reports.push(valid((await atPki(folder, 'check', '--json')).stdout));
  rmSync(join(checkout, 'components/customized_partitions/raw_data/mqtt_ca'), { recursive: true });
  reports.push(valid((await atPki(checkout, 'build', '--json')).stdout));
  return reports;
}

/** Reports of flashes: of all, of nothing, of values that only the device has, and of a port that does not answer. */
async function flashes(t: Cleanup): Promise<unknown[]> {
  const { folder, flash } = flashProject(scratch(t), 'nvs', { chip: 'esp32' });
  const chip = servedChip(t, { chip: 'esp32', lines: false, flash });
  const port = await serveOverTcp(t, chip);
  const file = join(folder, 'pki.config.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const { namespaces } = config.partitions.mfg_nvs;
  namespaces.site = { values: { serial: { encoding: 'string', value: '7' } } };
  writeFileSync(file, JSON.stringify(config));
  const run = async (...argv: string[]) => {
    const options = ['--json', '--before', 'no-reset', '--port'];
    return valid((await atPki(folder, 'flash', ...options, ...argv)).stdout);
  };
  const reports = [await run(port, '--update-table'), await run(port)];
  delete namespaces.site.values.serial;
  namespaces.site.values.number = { encoding: 'u8', value: 1 };
  writeFileSync(file, JSON.stringify(config));
  return [...reports, await run(port), await run(port, '--merge'), await run('socket://127.0.0.1:1')];
}

/** Two reports of a watch: the first, and one after a change. */
async function watched(t: Cleanup): Promise<unknown[]> {
  const { folder } = flashProject(scratch(t), 'atpki');
  const watch = session(t, folder, ['--json']);
  const lines = () => watch.said.stdout.split('\n').filter((line) => line !== '');
  await until(() => lines().length === 1, 'the first build');
  appendFileSync(join(folder, 'raw_data/mqtt_ca/mqtt_ca.crt'), '\n');
  await until(() => lines().length === 2, 'the second one');
  await watch.interrupt();
  return lines().map(valid);
}

/** Names of the properties in a part of a schema or of a report. */
function namesIn(part: unknown, found = new Set<string>(), isSchema = false): Set<string> {
  if (typeof part !== 'object' || part === null) return found;
  for (const [name, value] of Object.entries(part)) {
    if (isSchema && name === 'properties') for (const property of Object.keys(value)) found.add(property);
    if (!isSchema && !Array.isArray(part)) found.add(name);
    namesIn(value, found, isSchema);
  }
  return found;
}

test('reports of build, check, flash and watch are what the schema describes, and show all of it', async (t) => {
  const reports = [...(await builds(t)), ...(await flashes(t)), ...(await watched(t))];
  assert.deepEqual([...namesIn(reports)].sort(), [...namesIn(schema, new Set(), true)].sort());
});

test('the schema leaves room for properties to come, and promises those that it requires', () => {
  const validate = new Ajv().compile(schema);
  const report = { version: 1, ok: true, command: 'build', durationMs: 1, cwd: '/', partitions: [], files: [] };
  assert.equal(validate({ ...report, diagnostics: [], later: 1 }), true);
  assert.equal(validate(report), false);
  assert.equal(validate({ ...report, version: 2, diagnostics: [] }), false);
});
