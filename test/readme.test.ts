import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../src/commands/index.ts';
import { codesTable } from '../src/report/codes-table.ts';
import { packageRoot } from './support/paths.ts';

const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');

test('the table of codes is the one that the program prints: at-pki explain --markdown', () => {
  const table = readme.split(/<!-- codes:.*-->\n/)[1]?.split('<!-- /codes -->')[0];
  assert.equal(table, `${codesTable().join('\n')}\n`);
});

test('every command is in the README', () => {
  for (const name of Object.keys(commands)) {
    const first = name.split(' ')[0] ?? '';
    assert.match(readme, new RegExp(`\`(${first}|[^\`]*${first})\\b`), name);
  }
});

test('the README names the scripts that there are', () => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: object };
  for (const name of ['start', 'test', 'fuzz', 'bench'])
    assert.ok(
      name in scripts && readme.includes(`npm ${name === 'start' || name === 'test' ? '' : 'run '}${name}`),
      name,
    );
});
