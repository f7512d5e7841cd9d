import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { keyPem } from '../support/certificate.ts';
import { serve } from '../support/chain.ts';
import { atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';
import { type Case, now } from './cases.ts';
import { byDesign, type Severity } from './differences.ts';
import { generate } from './generate.ts';
import { compileProbe, type Verdict, verdictsOf } from './probe.ts';

// What `at-pki check` says of files, and `certs show` of servers, beside what mbedTLS makes of them: a test for each
// kind.

/** The worst that check may say and must say of what the device accepts, takes in part or refuses. */
const fitting: Readonly<Record<Verdict['device'], readonly Severity[]>> = {
  accept: ['clean', 'warning'],
  limited: ['warning', 'error'],
  refuse: ['error'],
};

/**
 * Declares a test for each kind of case. `step`: one in so many cases of a kind is tried, since each takes a process of
 * its own or a whole handshake.
 */
export function compareWithMbedTls(seed: number, step: number): void {
  const folder = scratch({ after });
  const probe = compileProbe(folder);
  const title = (kind: string) => `check judges as mbedTLS does: ${kind}`;
  const cases = [...generate(seed)].map(
    ([kind, trials]) => [kind, trials.filter((_, index) => index % step === 0)] as const,
  );
  if ('reason' in probe) test(title('all kinds'), { skip: probe.reason }, () => {});
  else for (const [kind, trials] of cases) test(title(kind), (t) => compare(t, kind, trials, folder, probe.program));

  test('there are cases enough, and no difference of a kind without cases', () => {
    assert.ok(cases.flatMap(([, trials]) => trials).length >= 500);
    const kinds = new Set(cases.map(([kind]) => kind));
    assert.deepEqual(
      Object.keys(byDesign).filter((kind) => !kinds.has(kind)),
      [],
    );
  });
}

async function compare(
  t: TestContext,
  kind: string,
  trials: readonly Case[],
  folder: string,
  program: string,
): Promise<void> {
  const place = join(folder, kind.replace(/\W/g, '-'));
  mkdirSync(place);
  const verdicts = verdictsOf(program, trials, place);
  const wrong: string[] = [];
  for (const [index, trial] of trials.entries()) {
    const { device, line } = verdicts[index]!;
    const { worst, codes } = await judgementOf(t, trial, join(place, `${index}`));
    if (fitting[device].includes(worst) || byDesign[kind]?.also === worst) continue;
    wrong.push(`${trial.label}: mbedTLS: ${device} (${line}); check: ${worst} (${codes.join(', ')})`);
  }
  if (wrong.length > 0) assert.fail(`${wrong.length} of ${trials.length} cases:\n${wrong.join('\n')}`);
}

/** The worst severity of what at-pki says of a case, and its codes. */
async function judgementOf(t: TestContext, trial: Case, cwd: string) {
  const argv = trial.type === 'peer' ? await serverOf(t, trial) : configOf(trial, cwd);
  const { stdout } = await atPkiIn({ cwd, now: () => now }, ...argv, '--json');
  const { diagnostics, chains = [] } = JSON.parse(stdout) as Said;
  // What the device would refuse of a server's certificate is shown with it.
  const refusals = chains.flat().flatMap((certificate) => certificate.refusals);
  const has = (severity: Severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity);
  const worst: Severity = has('error') || refusals.length > 0 ? 'error' : has('warning') ? 'warning' : 'clean';
  return { worst, codes: [...diagnostics.map(({ code }) => code), ...refusals] };
}

interface Said {
  readonly diagnostics: readonly { severity: Severity; code: string }[];
  readonly chains?: readonly (readonly { refusals: readonly string[] }[])[];
}

/** Starts a server with a chain. Whatever it is, OpenSSL sends it. */
async function serverOf(t: TestContext, { chain, key }: Extract<Case, { type: 'peer' }>): Promise<string[]> {
  const options = { cert: Buffer.from(chain), key: keyPem(key), ciphers: 'DEFAULT@SECLEVEL=0' };
  return ['certs', 'show', await serve(t, [], options)];
}

/** Writes a config with the files of a case. */
function configOf(trial: Exclude<Case, { type: 'peer' }>, cwd: string): string[] {
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
  return ['check'];
}
