import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';
import { type Case, now } from './cases.ts';
import { generate } from './generate.ts';
import { compileProbe, type Verdict, verdictsOf } from './probe.ts';

/** What `at-pki check` makes of a case: the worst severity, and the codes. */
interface Judgement {
  readonly worst: 'clean' | 'warning' | 'error';
  readonly codes: readonly string[];
}

async function judgementOf(trial: Case, folder: string): Promise<Judgement> {
  const files = trial.type === 'own' ? { cert: trial.cert, key: trial.key } : { ca: trial.ca };
  const partitions = Object.entries(files).map(([kind, bytes], index) => {
    const slot = `${trial.role}_${kind}`;
    const name = `${slot}.${kind === 'key' ? 'key' : 'crt'}`;
    writeFileSync(join(folder, name), bytes);
    chmodSync(join(folder, name), 0o600);
    return [slot, { files: [name], offset: 0x20000 + index * 0x10000, size: '64K' }];
  });
  const config = { chip: 'esp32', outDir: 'out', partitions: Object.fromEntries(partitions) };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify(config));
  const { stdout, stderr } = await atPkiIn({ cwd: folder, now: () => now }, 'check', '--json');
  assert.equal(stderr, '', trial.label);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { severity: string; code: string }[] };
  const has = (severity: string) => diagnostics.some((diagnostic) => diagnostic.severity === severity);
  const worst = has('error') ? 'error' : has('warning') ? 'warning' : 'clean';
  return { worst, codes: diagnostics.map(({ code }) => code) };
}

/** Severities that say what the device does. */
const fitting: Readonly<Record<Verdict['device'], readonly Judgement['worst'][]>> = {
  accept: ['clean', 'warning'],
  limited: ['warning', 'error'],
  refuse: ['error'],
};

test('check judges certificates and keys as mbedTLS does', async (context) => {
  const folder = scratch(context);
  const probe = compileProbe(folder);
  if ('reason' in probe) return context.skip(probe.reason);
  const cases = generate(1);
  const verdicts = verdictsOf(probe.program, cases, folder);
  const wrong = new Map<string, string[]>();
  let count = 0;
  for (const [index, trial] of cases.entries()) {
    const verdict = verdicts[index]!;
    const place = join(folder, String(index), 'checked');
    mkdirSync(place);
    const { worst, codes } = await judgementOf(trial, place);
    if (fitting[verdict.device].includes(worst)) continue;
    count++;
    const line = `${trial.label}: ${verdict.device} (${verdict.line}), check: ${worst} (${codes.join(', ')})`;
    wrong.set(trial.kind, [...(wrong.get(trial.kind) ?? []), line]);
  }
  console.log(cases.length, count);
  for (const [k, l] of wrong) console.log(`## ${k}\n  ${l.join('\n  ')}`);
});
