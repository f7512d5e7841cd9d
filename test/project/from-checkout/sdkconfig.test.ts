import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from '../../../src/core/given.ts';
import { flashSettings } from '../../../src/project/from-checkout/flash-settings.ts';
import {
  choiceOf,
  isOn,
  numberOf,
  settingPlace,
  settingValue,
  textOf,
} from '../../../src/project/from-checkout/sdkconfig.ts';

const sdkconfig = (text: string) => ({ file: '/sdkconfig', text });

test('options are read as Kconfig writes them', () => {
  const config = sdkconfig(
    [
      '# Automatically generated file. DO NOT EDIT.',
      'CONFIG_ON=y',
      '# CONFIG_OFF is not set',
      'CONFIG_NO=n',
      'CONFIG_NUMBER=1000',
      'CONFIG_OFFSET=0x1E000',
      'CONFIG_FILE="a folder/at_customize.csv"',
      String.raw`CONFIG_QUOTED="say \"no\" \\ yes"`,
      'CONFIG_EMPTY=""',
      'CONFIG_NOTHING=',
      'CONFIG_SUM="a=b"',
    ].join('\n'),
  );
  assert.deepEqual(
    [isOn(config, 'ON'), isOn(config, 'OFF'), isOn(config, 'NO'), isOn(config, 'ABSENT')],
    [true, false, false, false],
  );
  assert.equal(settingValue(config, 'OFF'), 'n');
  assert.deepEqual(
    [numberOf(config, 'NUMBER'), numberOf(config, 'OFFSET'), numberOf(config, 'FILE')],
    [1000, 0x1e000, undefined],
  );
  assert.equal(textOf(config, 'FILE'), 'a folder/at_customize.csv');
  assert.equal(textOf(config, 'QUOTED'), 'say "no" \\ yes');
  assert.deepEqual(
    [textOf(config, 'EMPTY'), textOf(config, 'NOTHING'), textOf(config, 'SUM')],
    [undefined, undefined, 'a=b'],
  );
});

test('the last line about an option counts', () => {
  const config = sdkconfig('CONFIG_A=y\nCONFIG_B=1\n# CONFIG_A is not set\nCONFIG_B=2\n');
  assert.equal(isOn(config, 'A'), false);
  assert.equal(settingValue(config, 'B'), '2');
  assert.equal(settingPlace(config, 'B').line, 4);
});

test('neither a longer name nor a comment sets an option', () => {
  const config = sdkconfig('CONFIG_AT_MQTT_SUPPORT=y\n# CONFIG_AT_MQTT=y\n#CONFIG_AT_MQTT=y\nMY_CONFIG_AT_MQTT=y\n');
  assert.equal(settingValue(config, 'AT_MQTT'), undefined);
  assert.equal(isOn(config, 'AT_MQTT_SUPPORT'), true);
});

test('CRLF is no part of a value', () => {
  const config = sdkconfig('CONFIG_A=y\r\n# CONFIG_B is not set\r\nCONFIG_C="x"\r\n');
  assert.deepEqual([isOn(config, 'A'), settingValue(config, 'B'), textOf(config, 'C')], [true, 'n', 'x']);
});

test('an option has a place', () => {
  const text = '\nCONFIG_A="x"\r\n';
  const place = settingPlace(sdkconfig(text), 'A');
  assert.deepEqual(place, { file: '/sdkconfig', line: 2, column: 1, length: 12, text: 'CONFIG_A="x"' });
});

test('a choice is the option that is on', () => {
  const config = sdkconfig('# CONFIG_SIZE_2MB is not set\nCONFIG_SIZE_4MB=y\n');
  assert.equal(choiceOf(config, 'SIZE_'), '4MB');
  assert.equal(choiceOf(config, 'MODE_'), undefined);
});

for (const [what, lines, expected] of [
  [
    'as sdkconfig.defaults writes them',
    [
      'CONFIG_IDF_TARGET_ESP8266=y',
      'CONFIG_ESPTOOLPY_FLASHSIZE_2MB=y',
      'CONFIG_ESPTOOLPY_FLASHMODE_DOUT=y',
      'CONFIG_ESPTOOLPY_FLASHFREQ_80M=y',
    ],
    { chip: 'esp8266', mode: 'dout', frequency: '80m', size: 0x200000 },
  ],
  [
    'as a full sdkconfig writes them',
    [
      'CONFIG_IDF_TARGET="esp32c3"',
      'CONFIG_ESPTOOLPY_FLASHSIZE="16MB"',
      'CONFIG_ESPTOOLPY_FLASHMODE="dio"',
      'CONFIG_ESPTOOLPY_FLASHFREQ="60m"',
    ],
    { chip: 'esp32c3', mode: 'dio', frequency: '60m', size: 0x1000000 },
  ],
  ['quad modes, which are flashed as dio', ['CONFIG_ESPTOOLPY_FLASHMODE_QIO=y'], { chip: 'esp32', mode: 'dio' }],
  ['nothing: v1.1 and v1.2 know the ESP32 only', [], { chip: 'esp32' }],
] as const) {
  test(`chip and flash are read ${what}`, () => {
    assert.deepEqual(given(flashSettings(sdkconfig(lines.join('\n')))), expected);
  });
}
