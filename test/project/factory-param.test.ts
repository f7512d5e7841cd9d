import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problems } from '../../src/core/diagnostics/problems.ts';
import { parseFactoryModules } from '../../src/project/factory-param.ts';

/** All that it finds; nothing is wrong with the text. */
function modulesIn(text: string) {
  const problems = new Problems();
  const modules = parseFactoryModules(text, 'factory_param_data.csv', problems);
  assert.deepEqual(problems.all, []);
  return modules;
}

test('platforms and module names are read by their headings, in upper case', () => {
  assert.deepEqual(
    modulesIn('description,module_name,platform\r\n,Mini-9,platform_esp32\r\nTX:1,MAXI,PLATFORM_ESP32C3').map(
      ({ platform, name }) => ({ platform, name }),
    ),
    [
      { platform: 'PLATFORM_ESP32', name: 'MINI-9' },
      { platform: 'PLATFORM_ESP32C3', name: 'MAXI' },
    ],
  );
});

test('quoted fields hold commas, quotes and line breaks', () => {
  const text = 'platform,description,module_name\nP,"2 MB, no OTA",A\nP,"two\nlines",B\nP,"so ""called""",C\n\nP,,D\n';
  assert.deepEqual(
    modulesIn(text).map(({ name }) => name),
    ['A', 'B', 'C', 'D'],
  );
});

for (const text of ['', 'a,b\n1,2\n', 'platform,module_name\nP\n,X\n']) {
  test(`a file without such rows gives none: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(modulesIn(text), []);
  });
}
