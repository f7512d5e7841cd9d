import { catalogue, infoOf } from '../checks/catalogue.ts';
import type { CodeInfo } from '../core/diagnostics/code.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { largestOf } from '../core/lists.ts';
import { didYouMean } from '../core/text.ts';
import { codesTable } from '../report/codes-table.ts';
import { present } from '../report/document.ts';
import { choiceOf } from '../report/index.ts';
import type { Command } from './command.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'Explain a code: what it means on the device, how it happens, how to mend it',
  usage: ['explain [CODE]'],
  options: { markdown: { type: 'boolean', help: 'Print the table of all codes for a README' } },
  words: { min: 0, max: 1 },
  examples: [
    ['at-pki explain key-mismatch', 'one code'],
    ['at-pki explain', 'all of them, a line each'],
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

async function described({ severity, summary, explain: explained }: CodeInfo) {
  return { severity, summary, explanation: await explained() };
}
