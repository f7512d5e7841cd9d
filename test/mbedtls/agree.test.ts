import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';
import { type Case, now } from './cases.ts';
import { byDesign, known, type Severity } from './differences.ts';
import { generate } from './generate.ts';
import { compileProbe, type Verdict, verdictsOf } from './probe.ts';

// What `at-pki check` says of files, and `certs show` of chains, beside what mbedTLS makes of them: a test for each kind
// of case.

/** The worst that check may say and must say of what the device accepts, takes in part or refuses. */
const fitting: Readonly<Record<Verdict['device'], readonly Severity[]>> = {
  accept: ['clean', 'warning'],
  limited: ['warning', 'error'],
  refuse: ['error'],
};

const folder = scratch({ after });
const probe = compileProbe(folder);
const title = (kind: string) => `check judges as mbedTLS does: ${kind}`;
const cases = generate(1);

if ('reason' in probe) test(title('all kinds'), { skip: probe.reason }, () => {});
else for (const [kind, trials] of cases) test(title(kind), () => compare(kind, trials, probe.program));

test('there are cases enough, and no difference of a kind without cases', () => {
  assert.ok([...cases.values()].flat().length >= 500);
  const kinds = [...Object.keys(byDesign), ...Object.keys(known)];
  assert.deepEqual(
    kinds.filter((kind) => !cases.has(kind)),
    [],
  );
});

async function compare(kind: string, trials: readonly Case[], program: string): Promise<void> {
  const place = join(folder, kind.replace(/\W/g, '-'));
  mkdirSync(place);
  const verdicts = verdictsOf(program, trials, place);
  const wrong: string[] = [];
  for (const [index, trial] of trials.entries()) {
    const { device, line } = verdicts[index]!;
    const { worst, codes } = await judgementOf(trial, join(place, `${index}`));
    if (fitting[device].includes(worst) || byDesign[kind]?.also === worst) continue;
    wrong.push(`${trial.label}: mbedTLS: ${device} (${line}); check: ${worst} (${codes.join(', ')})`);
  }
  if (kind in known) assert.ok(wrong.length > 0, 'check agrees in this kind now: take it out of `known`');
  else if (wrong.length > 0) assert.fail(`${wrong.length} of ${trials.length} cases:\n${wrong.join('\n')}`);
}

interface Judgement {
  readonly worst: Severity;
  readonly codes: readonly string[];
}

/** The worst severity of what at-pki says of a case, and its codes. */
const judgementOf = (trial: Case, cwd: string): Promise<Judgement> =>
  trial.type === 'peer' ? shown(trial.chain, cwd) : checked(trial, cwd);

/** What `at-pki certs show` says of the chain of a server: out of date is what the device refuses, too. */
async function shown(chain: Uint8Array, cwd: string): Promise<Judgement> {
  writeFileSync(join(cwd, 'chain.pem'), chain);
  const { code, stdout } = await atPkiIn({ cwd, now: () => now }, 'certs', 'show', 'chain.pem', '--json');
  const { chains = [] } = JSON.parse(stdout) as { chains?: Shown[][] };
  const refusals = chains.flat().flatMap((certificate) => certificate.refusals);
  const isOutOfDate = ({ notBefore, notAfter }: Shown) => new Date(notBefore) > now || new Date(notAfter) < now;
  const isRefused = code !== 0 || refusals.length > 0 || chains.flat().some(isOutOfDate);
  return { worst: isRefused ? 'error' : 'clean', codes: refusals };
}

interface Shown {
  readonly notBefore: string;
  readonly notAfter: string;
  readonly refusals: readonly string[];
}

async function checked(trial: Exclude<Case, { type: 'peer' }>, cwd: string): Promise<Judgement> {
  const files = trial.type === 'own' ? { cert: trial.cert, key: trial.key } : { ca: trial.ca };
  const partitions = Object.entries(files).map(([kind, bytes], index) => {
    const slot = `${trial.role}_${kind}`;
    const file = `${slot}.${kind === 'key' ? 'key' : 'crt'}`;
    writeFileSync(join(cwd, file), bytes);
    chmodSync(join(cwd, file), 0o600);
    return [slot, { files: [file], offset: 0x20000 + index * 0x10000, size: '64K' }];
  });
  const config = { chip: 'esp32', outDir: 'out', partitions: Object.fromEntries(partitions) };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify(config));
  const { stdout } = await atPkiIn({ cwd, now: () => now }, 'check', '--json');
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { severity: Severity; code: string }[] };
  const has = (severity: Severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity);
  return {
    worst: has('error') ? 'error' : has('warning') ? 'warning' : 'clean',
    codes: diagnostics.map(({ code }) => code),
  };
}
