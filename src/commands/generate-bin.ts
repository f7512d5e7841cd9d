import { resolve } from 'node:path';
import { type Diagnostic, diagnostic, isError } from '../core/diagnostics/diagnostic.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import { didYouMean } from '../core/text.ts';
import { replaceFile } from '../files/write-file.ts';
import { atpki } from '../formats/atpki/format.ts';
import type { Entry, Kind } from '../formats/format.ts';
import { readFile } from '../formats/input.ts';
import { isSecretEntry } from '../formats/secret-entry.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';
import { writeFailed } from './write-failed.ts';

/** The option that both drop-ins share with AtPKI.py. */
export const binFile = { type: 'string', short: 'b', value: 'FILE', help: 'The PKI bin (default: PKI.bin)' } as const;

export const generateBin: Command = {
  name: 'generate_bin',
  summary: 'Pack files into a PKI bin, as AtPKI.py does',
  usage: ['generate_bin [-b FILE] TYPE FILE [TYPE FILE…]'],
  about: [
    'TYPE is ca, cert or key. Takes the arguments of AtPKI.py and writes the same bytes. What AtPKI.py would pack',
    'into a bin that no device can read (a file over 65,535 bytes, over 256 files of a type) is refused.',
  ].join('\n'),
  standalone: true,
  options: { bin_file: binFile },
  words: { min: 1, max: Number.POSITIVE_INFINITY },
  examples: [['at-pki generate_bin -b client_cert.bin cert client_00.crt cert client_01.crt', 'two certificates']],
  async run(args, context) {
    const { cwd } = context;
    const problems = new Problems();
    const entries = await readPairs(args.words, cwd, problems);
    const file = args.text('bin_file') ?? 'PKI.bin';
    if (!problems.all.some(isError)) problems.addAll(write(entries, resolve(cwd, file)));
    return present(
      { command: 'generate_bin', cwd, fields: {}, lines: [], diagnostics: problems.all },
      choiceOf(args, context),
      context,
    );
  },
};

const kinds: readonly string[] = ['ca', 'cert', 'key'] satisfies Kind[];
const isKind = (word: string): word is Kind => kinds.includes(word);

async function readPairs(words: readonly string[], cwd: string, problems: Problems): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [type = '', name] = [words[at], words[at + 1]];
    if (!isKind(type)) {
      const hint = didYouMean(type, kinds, '') ?? 'each file follows its type: TYPE FILE TYPE FILE …';
      problems.add(diagnostic('usage', `"${type}" is not a type; there are ${kinds.join(', ')}`, { hint }));
    } else if (name === undefined) {
      problems.add(diagnostic('usage', `no file follows the last "${type}"`, { hint: 'give TYPE FILE in pairs' }));
    } else {
      const content = readFile(cwd, name);
      if (!content.ok) problems.add(content.error);
      else {
        if (content.value.length === 0) problems.add(await empty(name, cwd));
        entries.push({ name, kind: type, bytes: content.value });
      }
    }
  }
  return entries;
}

/** Packed all the same, as the reference does: what is in a file is the user's own business here. */
async function empty(name: string, cwd: string): Promise<Diagnostic> {
  const { emptyFile } = await import('../checks/empty-file.ts');
  const details = { severity: 'warning', place: { file: resolve(cwd, name) } } as const;
  return diagnostic(emptyFile, `${name} is empty: the device would find an empty certificate`, details);
}

function write(entries: readonly Entry[], file: string): Diagnostic[] {
  const packed = atpki.encode(entries);
  if (!packed.ok) return packed.error.map(({ code, message, hint }) => diagnostic(code, message, hint ? { hint } : {}));
  const secret = entries.some(isSecretEntry);
  const written = replaceFile(file, packed.value.image, { secret });
  return written.ok ? [] : [writeFailed(written.error)];
}
