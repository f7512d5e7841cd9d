import { type Explanation, explanationOf } from '../checks/explanations.ts';
import { type Code, codes } from '../core/diagnostics/codes.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { largestOf } from '../core/lists.ts';
import { didYouMean } from '../core/text.ts';
import { deviceExplanations } from '../flash/explanations.ts';
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
    if (asked === undefined) {
      const all = (Object.keys(codes) as Code[]).map((code) => ({ code, ...described(code) }));
      const width = largestOf(all.map(({ code }) => code.length));
      const rows = all.map(({ code, severity, summary }) => `${code.padEnd(width)}  ${severity.padEnd(7)}  ${summary}`);
      return show({ codes: all }, args.flag('markdown') ? codesTable() : rows);
    }
    if (!isCode(asked)) {
      const hint = didYouMean(asked, Object.keys(codes), '') ?? 'at-pki explain lists them';
      const diagnostics = [diagnostic('usage', `there is no code "${asked}"`, { hint })];
      return present({ command: 'explain', cwd, fields: {}, lines: [], diagnostics }, choice, context);
    }
    const { severity, summary, explanation } = described(asked);
    const parts: readonly (readonly [string, string])[] = explanation
      ? [
          ['On the device', explanation.meaning],
          ['How it happens', explanation.cause],
          ['What to do', explanation.remedy],
        ]
      : [];
    const lines = [`${asked} (${severity})`, summary, ...parts.flatMap(([head, text]) => ['', `${head}: ${text}`])];
    return show({ code: asked, ...described(asked) }, lines);
  },
};

const isCode = (word: string): word is Code => Object.hasOwn(codes, word);

function described(code: Code) {
  const { severity, summary } = codes[code];
  const ofDevice: Partial<Record<Code, Explanation>> = deviceExplanations;
  const explanation = explanationOf(code) ?? ofDevice[code];
  return { severity, summary, explanation };
}
