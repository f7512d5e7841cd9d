import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/load.ts';
import { excerpt } from '../../src/core/diagnostics/excerpt.ts';
import { packageRoot } from '../support/paths.ts';
import { scratch } from '../support/scratch.ts';

const example = readFileSync(join(packageRoot, 'pki.config.example.json'), 'utf8');
const tokens = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...'{}[],:"\'#&*!?|>-%@`\n\t \\/\ufeff\0'.split('')) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          '"partitions"',
          '"a_ca"',
          'size',
          '8K',
          '0x20',
          '&a',
          '*a',
          '!!set',
          '<<',
          '\r\n',
          '---',
          '__proto__',
          '//',
          '/*',
          '*/',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
const mutated = fc
  .tuple(fc.nat({ max: example.length }), fc.nat({ max: 40 }), tokens)
  .map(([at, cut, text]) => example.slice(0, at) + text + example.slice(at + cut));

for (const name of ['pki.config.json', 'pki.config.jsonc', 'pki.config.yaml', '.at-pkirc', 'package.json']) {
  test(`whatever stands in a ${name}: a config, or what is wrong, at places that can be shown`, async (t) => {
    const file = join(scratch(t), name);
    t.mock.method(process, 'emitWarning', (warning: unknown) => assert.fail(String(warning)));
    await fc.assert(
      fc.asyncProperty(fc.oneof(tokens, mutated), async (text) => {
        writeFileSync(file, text);
        const { config, diagnostics } = await loadConfig(file);
        assert.ok(config || diagnostics.length > 0);
        for (const { place, message } of diagnostics) {
          assert.notEqual(message, '');
          assert.ok(!/RangeError|TypeError|call stack|undefined \(/.test(message), message);
          if (place?.line === undefined) continue;
          const { line, column = 0, length = 0, text: shown = '' } = place;
          assert.ok(line >= 1 && column >= 1 && length >= 1 && column - 1 <= shown.length, JSON.stringify(place));
          assert.equal(excerpt(place).length, 2);
        }
      }),
      { numRuns: 400 },
    );
  });
}
