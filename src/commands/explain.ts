import { catalogue, infoOf } from '../checks/catalogue.ts';
import type { CodeInfo } from '../core/diagnostics/code.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { append, largestOf } from '../core/lists.ts';
import { didYouMean } from '../core/text.ts';
import { codesTable } from '../report/codes-table.ts';
import { present } from '../report/document.ts';
import { type Choice, choiceOf } from '../report/index.ts';
import type { Command, Context } from './command.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'Explain a code, or a number that a device printed: what it means, how to fix it',
  usage: ['explain [CODE]', 'explain NUMBER'],
  about: [
    'NUMBER is what the device printed: of mbedTLS (-0x2562, in its log or as +ERRNO), of Wi-Fi Enterprise',
    '(0x8003), or behind ERR CODE (0x010b0000). The sign may be omitted.',
  ].join('\n'),
  negativeNumbers: true,
  options: { markdown: { type: 'boolean', help: 'Print the table of all codes for a README' } },
  words: { min: 0, max: 1 },
  examples: [
    ['at-pki explain key-mismatch', 'one code'],
    ['at-pki explain', 'all of them, a line each'],
    ['at-pki explain -0x2562', 'a number that the device printed'],
    ['at-pki explain 0x8003', 'one of AT+CWJEAP'],
  ],
  async run(args, context) {
    const { cwd } = context;
    const choice = choiceOf(args, context);
    const [asked] = args.words;
    const show = (fields: object, lines: readonly string[]) =>
      present({ command: 'explain', cwd, fields: { ...fields }, lines, diagnostics: [] }, choice, context);
    const all = catalogue();
    if (asked === undefined) {
      const fields = await Promise.all(all.map(async ([code, info]) => ({ code, ...(await described(info)) })));
      const width = largestOf(all.map(([code]) => code.length));
      const rows = all.map(
        ([code, { severity, summary }]) => `${code.padEnd(width)}  ${severity.padEnd(7)}  ${summary}`,
      );
      return show({ codes: fields }, args.flag('markdown') ? codesTable() : rows);
    }
    if (isNumber(asked)) return explainNumber(asked, choice, context);
    const info = infoOf(asked);
    if (info === undefined) {
      const known = all.map(([code]) => code);
      const hint = didYouMean(asked, known, '') ?? 'at-pki explain lists them';
      const diagnostics = [diagnostic('usage', `there is no code "${asked}"`, { hint })];
      return present({ command: 'explain', cwd, fields: {}, lines: [], diagnostics }, choice, context);
    }
    const { severity, summary, explanation } = await described(info);
    const parts = [
      ['On the device', explanation.meaning],
      ['How it happens', explanation.cause],
      ['What to do', explanation.remedy],
      ['Source', explanation.source],
    ];
    const lines = [`${asked} (${severity})`, summary, ...parts.flatMap(([head, text]) => ['', `${head}: ${text}`])];
    return show({ code: asked, severity, summary, explanation }, lines);
  },
};

/** `-0x2562`, `0x8003`. */
const isNumber = (word: string): boolean => /^-?0x[0-9a-f]{1,8}$/i.test(word);

async function explainNumber(asked: string, choice: Choice, context: Context): Promise<number> {
  const { cwd } = context;
  const { deviceCodeOf } = await import('../firmware/device-codes/index.ts');
  const found = deviceCodeOf(asked);
  if (found === undefined) {
    const hint = 'numbers of mbedTLS, Wi-Fi Enterprise (0x8001 to 0x8021) and ERR CODE (0x01…) are known';
    const diagnostics = [diagnostic('usage', `${asked} is in none of the tables of a device`, { hint })];
    return present({ command: 'explain', cwd, fields: {}, lines: [], diagnostics }, choice, context);
  }
  const { code, table, names, meaning, findings } = found;
  const causes = findings.flatMap((finding) => {
    const info = infoOf(finding);
    return info ? [{ code: finding, summary: info.summary }] : [];
  });
  const lines = [`${code} (${table})`, ...(names.length > 0 ? [names.join(' + ')] : []), '', meaning];
  if (causes.length > 0) {
    lines.push('', 'What at-pki check may find:');
    const width = largestOf(findings.map((finding) => finding.length));
    append(
      lines,
      causes.map((cause) => `  ${cause.code.padEnd(width)}  ${cause.summary}`),
    );
  }
  return present(
    { command: 'explain', cwd, fields: { ...found, findings: causes }, lines, diagnostics: [] },
    choice,
    context,
  );
}

async function described({ severity, summary, explain: explained }: CodeInfo) {
  return { severity, summary, explanation: await explained() };
}
