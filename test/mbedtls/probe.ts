import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ran } from '../support/child.ts';
import { packageRoot } from '../support/paths.ts';
import { type Case, now } from './cases.ts';

const sources = ['probe.c', 'handshake.c'].map((name) => join(packageRoot, 'test/mbedtls', name));

/** Compiles the probe into a folder; a reason where that cannot be done here. */
export function compileProbe(folder: string): { readonly program: string } | { readonly reason: string } {
  const program = join(folder, 'probe');
  const libraries = ['-lmbedtls', '-lmbedx509', '-lmbedcrypto'];
  try {
    const compiled = ran('cc', ['-O1', '-o', program, ...sources, ...libraries]);
    if (compiled.code !== 0) return { reason: `the probe does not compile here: ${firstError(compiled.stderr)}` };
  } catch {
    return { reason: 'there is no C compiler (cc) here' };
  }
  const tried = ran(program, []);
  return tried.code === 0 ? { program } : { reason: tried.stderr.trim() };
}

const firstError = (output: string): string => output.split('\n').find((line) => line.includes('error')) ?? output;

/**
 * What the device makes of a case. `limited`: it works, but not in all: a certificate of the file is passed over, some
 * peers refuse, or only a peer with the very certificate is trusted.
 */
export interface Verdict {
  readonly device: 'accept' | 'limited' | 'refuse';
  /** The line of the probe. */
  readonly line: string;
}

/** Has mbedTLS judge all cases. */
export function verdictsOf(program: string, cases: readonly Case[], folder: string): Verdict[] {
  const seconds = now.getTime() / 1000;
  const trials = cases.map((trial, index) => {
    const place = join(folder, String(index));
    mkdirSync(place);
    const file = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(place, name), bytes);
      return join(place, name);
    };
    return [trial.type === 'own' ? 'own' : 'ca', seconds, trial.role, ...fieldsOf(trial, file)].join('\t');
  });
  const { code, signal, stdout, stderr } = ran(program, [], { input: `${trials.join('\n')}\n` });
  const lines = stdout.trimEnd().split('\n');
  if (code !== 0 || lines.length !== cases.length) {
    throw new Error(`the probe ended with ${code ?? signal} after ${lines.length} of ${cases.length}: ${stderr}`);
  }
  return cases.map((trial, index) => verdictOf(trial, lines[index] ?? ''));
}

/** Paths of the files of a trial, and the name of the peer where there is one. */
function fieldsOf(trial: Case, file: (name: string, bytes: Uint8Array) => string): string[] {
  if (trial.type === 'own') return [file('cert', trial.cert), file('key', trial.key), file('roots', trial.roots)];
  if (trial.type === 'peer') return [file('ca', trial.roots), '-', file('peer', trial.chain)];
  return [file('ca', trial.ca), '-', file('ca', trial.ca), ...trial.peers.map((peer, at) => file(`peer${at}`, peer))];
}

/** MBEDTLS_X509_BADCERT_KEY_USAGE and MBEDTLS_X509_BADCERT_EXT_KEY_USAGE. */
const usageFlags = 0x1800;

function verdictOf(trial: Case, line: string): Verdict {
  const [step = '', , ...rest] = line.split(' ');
  const leftOut = rest.some((field) => field.startsWith('+'));
  const flags = rest.filter((field) => field.startsWith('0x')).map(Number);
  if (trial.type === 'own') {
    const isRefused = step !== 'done' && step !== 'peer';
    const isLimited = step === 'peer' || leftOut || flags.some((flag) => flag !== 0);
    return { device: isRefused ? 'refuse' : isLimited ? 'limited' : 'accept', line };
  }
  if (trial.type === 'peer') return { device: step === 'done' && flags[0] === 0 ? 'accept' : 'refuse', line };
  // The first is the certificate of the file, shown by a peer: whatever it may be used for.
  const [itself = 0, ...peers] = flags.map((flag, index) => (index === 0 ? flag & ~usageFlags : flag));
  const trusted = peers.filter((flag) => flag === 0).length;
  if (step !== 'done' || (trusted === 0 && itself !== 0)) return { device: 'refuse', line };
  return { device: trusted < peers.length || leftOut ? 'limited' : 'accept', line };
}
