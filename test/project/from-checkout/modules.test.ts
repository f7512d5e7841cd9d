import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { textOf } from '../../../src/core/diagnostics/diagnostic.ts';
import { resolveModule } from '../../../src/project/from-checkout/modules.ts';
import { checkout, module, write } from '../../support/checkout.ts';
import { type Cleanup, scratch } from '../../support/scratch.ts';

const factory = [
  'platform,module_name,description',
  'PLATFORM_ESP32,WROOM-9,"plain, cheap"',
  'PLATFORM_ESP32,MINI-9,',
  'PLATFORM_ESP32C3,MINI-9,',
  'PLATFORM_ESP32C3,TINY-9,',
  'PLATFORM_ESP8266,WROOM-8,',
  'PLATFORM_ESP32,BOARD-9,',
  '',
].join('\n');

const three = {
  ...module('module_esp32_default', {
    'sdkconfig.defaults': 'CONFIG_IDF_TARGET_ESP32=y\nCONFIG_ESPTOOLPY_FLASHSIZE_4MB=y\n',
  }),
  ...module('module_esp32c3_default', {
    'sdkconfig.defaults': 'CONFIG_IDF_TARGET="esp32c3"\nCONFIG_ESPTOOLPY_FLASHSIZE="2MB"\n',
  }),
  ...module('module_board-9'),
  'components/customized_partitions/raw_data/factory_param/factory_param_data.csv': factory,
};
const all = [
  '  module_board-9          esp32    1MB',
  '  module_esp32_default    esp32    4MB',
  '  module_esp32c3_default  esp32c3  2MB',
].join('\n');
const howTo = 'name it: --module module_esp32_default';

function choose(t: Cleanup, asked?: string, info?: string) {
  const root = checkout(t, { ...three, ...(info !== undefined && { 'build/module_info.json': info }) });
  const found = resolveModule({ root, ...(asked !== undefined && { asked }) });
  if (found.ok) return found.value?.name;
  const { code, hint, place } = found.error;
  return { code, message: textOf(found.error), hint, ...(place && { file: place.file.slice(root.length + 1) }) };
}

for (const [asked, expected] of [
  ['module_esp32c3_default', 'module_esp32c3_default'],
  ['esp32c3_default', 'module_esp32c3_default'],
  ['ESP32C3_Default', 'module_esp32c3_default'],
  ['BOARD-9', 'module_board-9'],
  ['WROOM-9', 'module_esp32_default'],
  ['wroom-9', 'module_esp32_default'],
  ['TINY-9', 'module_esp32c3_default'],
] as const) {
  test(`--module ${asked} is ${expected}`, (t) => {
    assert.equal(choose(t, asked), expected);
  });
}

test('--module goes before what the checkout is configured for', (t) => {
  assert.equal(choose(t, 'board-9', '{"platform": "PLATFORM_ESP32C3", "module": "TINY-9"}'), 'module_board-9');
});

test('an unknown module is an error with a suggestion and the list', (t) => {
  assert.deepEqual(choose(t, 'esp32_defalt'), {
    code: 'module-unknown',
    message: `this checkout has no module "esp32_defalt"; it has:\n${all}`,
    hint: 'did you mean "esp32_default"?',
  });
  assert.deepEqual(choose(t, '../../../elsewhere'), {
    code: 'module-unknown',
    message: `this checkout has no module "../../../elsewhere"; it has:\n${all}`,
    hint: howTo,
  });
});

test('a mistyped module name is suggested, but only one that this checkout has', (t) => {
  const hint = (asked: string) => {
    const found = choose(t, asked);
    return typeof found === 'object' ? found.hint : found;
  };
  assert.equal(hint('TINY-8'), 'did you mean "TINY-9"?');
  assert.equal(hint('WROM-8'), 'did you mean "WROOM-9"?');
});

test('a module name without a folder in this checkout is an error', (t) => {
  assert.deepEqual(choose(t, 'WROOM-8'), {
    code: 'module-unknown',
    message: `"WROOM-8" is a module of PLATFORM_ESP8266, for which this checkout has no folder; it has:\n${all}`,
    hint: howTo,
  });
});

test('a module name of several platforms is ambiguous and lists their folders', (t) => {
  assert.deepEqual(choose(t, 'mini-9'), {
    code: 'module-ambiguous',
    message: [
      '"mini-9" is a module of 2 platforms, with 2 folders in module_config:',
      '  module_esp32_default    esp32    4MB',
      '  module_esp32c3_default  esp32c3  2MB',
    ].join('\n'),
    hint: howTo,
  });
});

test('a module name of several platforms is clear where only one has a folder', (t) => {
  const root = checkout(t, {
    ...module('module_esp32c3_default'),
    ...module('module_other'),
    'components/customized_partitions/raw_data/factory_param/factory_param_data.csv': factory,
  });
  const found = resolveModule({ root, asked: 'MINI-9' });
  assert.equal(found.ok && found.value?.name, 'module_esp32c3_default');
});

for (const [info, expected] of [
  ['{"platform": "PLATFORM_ESP32C3", "module": "MINI-9"}', 'module_esp32c3_default'],
  ['{"platform": "PLATFORM_ESP32", "module": "MINI-9", "description": "", "silence": 0}', 'module_esp32_default'],
  ['{"platform": "PLATFORM_ESP32C3", "module": "BOARD-9"}', 'module_board-9'],
] as const) {
  test(`build/module_info.json chooses by the firmware's rule: ${info}`, (t) => {
    assert.equal(choose(t, undefined, info), expected);
  });
}

for (const info of [
  '',
  '{"platform": "PLATFORM_ESP32"',
  '[]',
  'null',
  '{"platform": "PLATFORM_ESP32"}',
  '{"platform": 1, "module": "A"}',
]) {
  test(`a broken module_info.json is an error: ${info}`, (t) => {
    assert.deepEqual(choose(t, undefined, info), {
      code: 'checkout-file',
      message: 'module_info.json is not of the form {"platform": "PLATFORM_ESP32C3", "module": "MINI-1"}',
      hint: 'configure the checkout again with build.py, or name the module with --module',
      file: join('build', 'module_info.json'),
    });
  });
}

test('a module_info.json for which there is no folder is an error', (t) => {
  assert.deepEqual(choose(t, undefined, '{"platform": "PLATFORM_ESP8266", "module": "WROOM-8"}'), {
    code: 'module-unknown',
    message: `module_info.json says WROOM-8 of PLATFORM_ESP8266, for which this checkout has no folder; it has:\n${all}`,
    hint: howTo,
    file: join('build', 'module_info.json'),
  });
});

test('several modules and nothing says which: an error that lists them', (t) => {
  assert.deepEqual(choose(t), {
    code: 'module-ambiguous',
    message: `this checkout has 3 modules and nothing says which one is meant:\n${all}`,
    hint: howTo,
  });
});

test('the table to be used tells the module where nothing else does', (t) => {
  const root = checkout(t, three);
  const found = resolveModule({ root, table: join(root, 'module_config/module_board-9/at_customize.csv') });
  assert.equal(found.ok && found.value?.name, 'module_board-9');
});

test('the only module is meant', (t) => {
  const root = checkout(t, module('module_alone'));
  write(root, {
    'module_config/README.md': 'not a module',
    'module_config/module_file': 'not a folder',
    'module_config/other/': '',
  });
  const found = resolveModule({ root });
  assert.equal(found.ok && found.value?.name, 'module_alone');
});

test('a checkout without module_config has no module, and none can be asked for', (t) => {
  const root = scratch(t);
  assert.deepEqual(resolveModule({ root }), { ok: true, value: undefined });
  const asked = resolveModule({ root, asked: 'WROOM-9' });
  assert.equal(asked.ok ? undefined : asked.error.code, 'module-unknown');
});
