import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../src/commands/command.ts';
import { parseArguments } from '../../src/commands/parse.ts';
import { given } from '../../src/core/given.ts';

const command: Command = {
  name: 'try',
  summary: 'For this test',
  usage: ['try WORD… [options]'],
  options: {
    table: { type: 'string', short: 't', value: 'FILE', help: '' },
    reporter: { type: 'string', choices: ['pretty', 'json'], help: '' },
    force: { type: 'boolean', short: 'f', help: '' },
    check: { type: 'boolean', help: '' },
  },
  conflicts: [['check', 'force']],
  words: { min: 0, max: 2 },
  examples: [],
  run: async () => 0,
};
const { conflicts: _, ...rest } = command;
const dropIn: Command = {
  ...rest,
  standalone: true,
  options: {
    bin_file: { type: 'string', short: 'b', value: 'FILE', help: '' },
    bin_kind: { type: 'string', value: 'KIND', help: '' },
    output_path: { type: 'string', short: 'o', value: 'DIR', help: '' },
  },
  words: { min: 1, max: 9 },
};

const taken: [Command, string[], Record<string, string | boolean | string[]>][] = [
  [command, ['a', '--table', 'x', 'b'], { words: ['a', 'b'], table: 'x' }],
  [command, ['--table=x'], { table: 'x' }],
  [command, ['--table=-x'], { table: '-x' }],
  [command, ['--table=a=b'], { table: 'a=b' }],
  [command, ['-tx'], { table: 'x' }],
  [command, ['-t=x'], { table: 'x' }],
  [command, ['-ft', 'x'], { force: true, table: 'x' }],
  [command, ['-t', '-'], { table: '-' }],
  [command, ['-t', 'x', '-t', 'y'], { table: 'y' }],
  [command, ['-f', '-f'], { force: true }],
  [command, ['--', '--force', '-x'], { words: ['--force', '-x'], force: false }],
  [command, ['--help', '--bogus', 'a', 'b', 'c'], { help: true }],
  [dropIn, ['-bFILE', 'ca'], { bin_file: 'FILE', words: ['ca'] }],
  [dropIn, ['-b=FILE', 'ca'], { bin_file: 'FILE' }],
  [dropIn, ['--bin_f', 'x', 'ca'], { bin_file: 'x' }],
  [dropIn, ['--out=x', 'ca'], { output_path: 'x' }],
  [dropIn, ['ca', '--', '--out', '-b=x'], { words: ['ca', '--out', '-b=x'] }],
  [dropIn, ['ca', 'a.crt', '-b', 'x', 'key', 'b.key'], { words: ['ca', 'a.crt', 'key', 'b.key'], bin_file: 'x' }],
];
for (const [one, argv, expected] of taken) {
  test(`${one === dropIn ? 'drop-in ' : ''}${argv.join(' ')}`, () => {
    const parsed = parseArguments(one, argv);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    for (const [name, value] of Object.entries(expected)) {
      const got: unknown =
        name === 'words'
          ? parsed.value.words
          : typeof value === 'boolean'
            ? parsed.value.flag(name)
            : parsed.value.text(name);
      assert.deepEqual(got, value, name);
    }
  });
}

const refused: [Command, string[], message: string, hint?: string][] = [
  [command, ['--forse'], 'there is no option --forse', 'did you mean --force?'],
  [command, ['-x'], 'there is no option -x'],
  [command, ['--constructor'], 'there is no option --constructor'],
  [command, ['--no-force'], 'there is no option --no-force', 'did you mean --force?'],
  [command, ['-1'], 'there is no option -1'],
  [command, ['--table'], '--table needs a value: --table FILE'],
  [command, ['--table='], '--table needs a value: --table FILE'],
  [
    command,
    ['-t', '--force'],
    '-t needs a value: -t FILE',
    'a value that starts with a dash is written --table=--force',
  ],
  [command, ['--force=yes'], '--force takes no value'],
  [command, ['--reporter', 'jsn'], '--reporter takes pretty, json; it was given "jsn"', 'did you mean json?'],
  [command, ['--reporter'], '--reporter needs a value: --reporter pretty|json'],
  [command, ['--check', '-f'], '--check and --force contradict each other', 'leave one of them out'],
  [command, ['-q', '-v'], '--quiet and --verbose contradict each other', 'leave one of them out'],
  [command, ['--json', '--reporter', 'pretty'], '--json and --reporter contradict each other', 'leave one of them out'],
  [command, ['a', 'b', 'c\u001b'], '"c\\x1b" is one word too many: at-pki try WORD… [options]'],
  [dropIn, [], 'something is missing: at-pki try WORD… [options]'],
  [
    { ...command, usage: ['try FILE [options]', 'try --port PORT WHAT [options]'], words: { min: 1, max: 1 } },
    [],
    'something is missing: at-pki try FILE [options], or at-pki try --port PORT WHAT [options]',
  ],
  [dropIn, ['--bin', 'x', 'ca'], 'there is no option --bin'],
  [dropIn, ['--json', 'ca'], 'there is no option --json'],
];
for (const [one, argv, message, hint] of refused) {
  test(`refused: ${one === dropIn ? 'drop-in ' : ''}${argv.join(' ') || 'nothing'}`, () => {
    const parsed = parseArguments(one, argv);
    assert.deepEqual(!parsed.ok && given(parsed.error), given({ message, hint }));
  });
}
