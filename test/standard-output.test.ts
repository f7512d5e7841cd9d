import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { outputOf } from './support/child.ts';
import { packageRoot } from './support/paths.ts';

const lines = 100_000;
const source = pathToFileURL(join(packageRoot, '.out/src/standard-output.js')).href;
const program = `
  const { standardOutput } = await import(${JSON.stringify(source)});
  const output = standardOutput(1, (error) => { throw error; });
  let text = '';
  for (let line = 0; line < ${lines}; line++) text += line + '\\n';
  output.write(text);
  output.write('end\\n');
  output.flush(() => process.exit());
`;

test('a pipe that another process has set to not block gets all of a long text, in order', {
  skip: process.platform === 'win32' ? 'Windows has no such pipes' : false,
}, () => {
  // The first process leaves the pipe as Node's stream sets it: it is killed before it can reset that.
  const unblock = "process.stdout.write(''); process.kill(process.pid, 'SIGKILL')";
  const script = '("$1" -e "$2"; "$1" --input-type=module -e "$3") | cat';
  const text = outputOf('sh', ['-c', script, 'sh', process.execPath, unblock, program]);
  const expected = [...Array.from({ length: lines }, (_, line) => String(line)), 'end', ''];
  assert.ok(text === expected.join('\n'), `${text.length} characters, the end of them: ${text.slice(-20)}`);
});
