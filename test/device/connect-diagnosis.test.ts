import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseConnect } from '../../src/device/connect-diagnosis.ts';

const failed = new Error('Failed to connect with the device');

function hintFor(heard: string, { hasLines = true, before = 'default-reset' as 'default-reset' | 'no-reset' } = {}) {
  const port = { name: '/dev/ttyUSB0', hasLines, open: () => assert.fail() };
  const { code, message, hint } = diagnoseConnect(failed, heard, { port, baud: 115_200, before });
  assert.equal(code, 'chip-silent');
  assert.equal(message, 'no answer from a chip at /dev/ttyUSB0');
  return hint ?? '';
}

test('what a chip says while it boots tells why it does not answer as a loader', () => {
  const esp32 = 'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';
  assert.match(hintFor(esp32), /starts its firmware instead of its loader: hold BOOT/);
  assert.match(hintFor('rst cause:2, boot mode:(3,6)\r\n'), /starts its firmware instead of its loader/);
  assert.match(hintFor('boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n'), /does not hear us/);
  assert.match(hintFor('rst cause:2, boot mode:(1,6)\r\n'), /does not hear us/);
});

test('the port for AT commands is told from the one for flashing', () => {
  assert.match(hintFor('\r\nready\r\n'), /port for AT commands \(UART1\): flashing goes over the other one \(UART0\)/);
  assert.match(hintFor('\r\nERROR\r\n'), /port for AT commands/);
});

test('silence: power, port, and how to get into the loader by hand', () => {
  assert.match(hintFor(''), /is the board powered/);
  assert.match(hintFor('', { before: 'no-reset' }), /must be in its loader already/);
  assert.match(hintFor('', { hasLines: false }), /nothing resets a chip over this port/);
  assert.match(hintFor('\x01\x7f\x02'), /something talks there/);
});

test('a chip that answers is not called silent', () => {
  const port = { name: '/dev/ttyUSB0', hasLines: true, open: () => assert.fail() };
  const options = { port, baud: 115_200, before: 'default-reset' } as const;
  assert.equal(diagnoseConnect(new Error('Unexpected CHIP magic value 0x1'), '', options).code, 'chip-unsupported');
  assert.equal(diagnoseConnect(new Error('Failed to write failed with status 1,5'), '', options).code, 'chip-refused');
});
