import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { globSync } from 'tinyglobby';
import { packageRoot } from './support/paths.ts';

// Rules for tests that pass on any machine. Fixtures are data, benches measure, and both are read by nobody else.
const root = join(packageRoot, 'test');
const sources = globSync('**/*.{ts,mjs}', { cwd: root, ignore: ['fixtures/**', 'bench/**', 'house-rules.test.ts'] })
  .sort()
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

interface Rule {
  readonly rule: string;
  /** What could happen without it. */
  readonly otherwise: string;
  readonly pattern: RegExp;
  /** Files that may, with the reason. */
  readonly allowed: Readonly<Record<string, string>>;
}

const rules: readonly Rule[] = [
  {
    rule: 'only support/child.ts starts processes',
    otherwise: 'a child that outlives its test holds the stderr of the run, which then hangs for ever',
    pattern:
      /^(?:import|export)\b[^;]*\bfrom '(?:node:)?(?:child_process|cluster|execa)'|^[^'"`]*\bimport\('(?:node:)?(?:child_process|execa)'\)/m,
    allowed: {
      'support/child.ts': 'ends each with its group, and gives it pipes of its own',
      'runner/file-run.ts': 'starts the test files themselves',
      'runner/main.ts': 'runs benches, which have the terminal to themselves',
    },
  },
  {
    rule: 'no test waits for a fixed time',
    otherwise: 'a machine that is busy needs longer, and the test fails; `until` asks for what it waits for',
    pattern: /\bsetTimeout\(|'(?:node:)?timers(?:\/promises)?'|\bAtomics\.wait\(/,
    allowed: {
      'runner/file-run.ts': 'limits the silence of a test file',
      'runner/main.ts': 'limits the whole run',
      'core/simulated-clock.test.ts': 'the timers of the simulated clock itself',
      'device/ports/socket.test.ts': 'a process that stands still while its port fills',
      'support/chip/timing.ts': 'lets the event loop turn once',
      'support/idle.ts': 'looks at the event loop of Node',
      'files/read-stable.test.ts': 'a program that rewrites a file at many moments, until it is killed',
    },
  },
  {
    rule: 'no test measures the time of a clock',
    otherwise: 'whatever else the machine does makes it fail; growth in CPU time does not change: support/growth.ts',
    pattern: /\bperformance\.now\(|\bhrtime\b|\bconsole\.time|\bDate\.now\(\) - \w/,
    allowed: {
      'core/simulated-clock.test.ts': 'reads the simulated time',
      'flash/esptool-real.test.ts': 'shows how long each step took',
      'runner/file-run.ts': 'shows how long a file took',
      'runner/report.ts': 'shows how long the run took',
      'support/pairs.ts': 'for benches',
    },
  },
];

for (const { rule, otherwise, pattern, allowed } of rules) {
  test(`${rule}: else ${otherwise}`, () => {
    const found = sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file.replaceAll('\\', '/'));
    assert.deepEqual(
      found.filter((file) => !(file in allowed)),
      [],
    );
    // An exception that nothing needs would let the next file of that name in.
    assert.deepEqual(
      Object.keys(allowed).sort(),
      found.filter((file) => file in allowed),
    );
  });
}

const written = globSync('**/*.{ts,mjs}', { cwd: join(packageRoot, 'src'), ignore: 'config/generated/**' })
  .sort()
  .map((file) => ({ file, text: readFileSync(join(packageRoot, 'src', file), 'utf8') }));

test('no file of src has more than 250 lines, half of them at most 80', () => {
  const lengths = written.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 250),
    [],
  );
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  assert.ok((sorted[sorted.length >> 1] ?? 0) <= 80);
});

test('no property of src is spread in under a condition where a plain one does', () => {
  const spread = /\.\.\.\([^()]*&& \{/;
  assert.deepEqual(
    written.filter(({ text }) => spread.test(text)).map(({ file }) => file),
    [],
  );
});
