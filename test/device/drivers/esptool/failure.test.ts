import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from '../../../../src/device/drivers/esptool/failure.ts';

const fatal = (text: string): string => `esptool.py v4.8.1\nSerial port P\n\nA fatal error occurred: ${text}\n`;
const cannotOpen = (why: string): string => fatal(`Could not open P, the port is busy or doesn't exist.\n(${why})\n`);

// As esptool 4.8.1 to 5.3.1 and pyserial 3.5 print it.
const known: [what: string, output: string, code: string, message: string][] = [
  [
    'no such port',
    cannotOpen("[Errno 2] could not open port P: [Errno 2] No such file or directory: 'P'"),
    'port-missing',
    "there is no port P, or it cannot be opened (esptool: [Errno 2] could not open port P: [Errno 2] No such file or directory: 'P')",
  ],
  [
    'no such port on Windows',
    cannotOpen("could not open port 'P': FileNotFoundError(2, 'The system cannot find the file specified.', None, 2)"),
    'port-missing',
    "there is no port P, or it cannot be opened (esptool: could not open port 'P': […](2, 'The system cannot find the file specified.', None, 2))",
  ],
  [
    'a port that another program holds',
    cannotOpen('[Errno 11] Could not exclusively lock port P: [Errno 11] Resource temporarily unavailable'),
    'port-busy',
    'another program holds P (esptool: [Errno 11] Could not exclusively lock port P: [Errno 11] Resource temporarily unavailable)',
  ],
  [
    'the same on Windows',
    cannotOpen("could not open port 'P': PermissionError(13, 'Access is denied.', None, 5)"),
    'port-busy',
    "another program holds P (esptool: could not open port 'P': PermissionError(13, 'Access is denied.', None, 5))",
  ],
  [
    'a port that this user may not open',
    cannotOpen("[Errno 13] could not open port P: [Errno 13] Permission denied: 'P'"),
    'port-denied',
    "this user may not open P (esptool: [Errno 13] could not open port P: [Errno 13] Permission denied: 'P')",
  ],
  [
    'nobody at the other end',
    cannotOpen('Could not open port P: [Errno 111] Connection refused'),
    'port-unreachable',
    'P does not answer (esptool: Could not open port P: [Errno 111] Connection refused)',
  ],
  [
    'a chip that does not answer',
    fatal('Failed to connect to ESP32: No serial data received.\nFor troubleshooting steps visit: https://x'),
    'chip-silent',
    'the chip does not answer (esptool: Failed to connect to ESP32: No serial data received.)',
  ],
  [
    'a chip that runs its firmware',
    fatal('Failed to connect to ESP32: Wrong boot mode detected (0x13)! The chip needs to be in download mode.'),
    'chip-silent',
    'the chip runs its firmware, not its loader (esptool: Failed to connect to ESP32: Wrong boot mode detected (0x13)! The chip needs to be in download mode.)',
  ],
  [
    'noise',
    fatal('Invalid head of packet (0x2d): Possible serial noise or corruption.'),
    'chip-garbled',
    'what the chip answers is damaged on its way (esptool: Invalid head of packet (0x2d): Possible serial noise or corruption.)',
  ],
  [
    'a chip that stops',
    'Traceback (most recent call last):\nStopIteration\nA fatal error occurred: The chip stopped responding.\n',
    'chip-silent',
    'the chip does not answer (esptool: The chip stopped responding.)',
  ],
  [
    'another chip',
    fatal('This chip is ESP32, not ESP32-C3. Wrong chip argument?'),
    'chip-mismatch',
    'there is another chip than before (esptool: This chip is ESP32, not ESP32-C3. Wrong chip argument?)',
  ],
  [
    'a flash that does not hold what was written',
    fatal('MD5 of file does not match data in flash!'),
    'not-verified',
    'the flash does not hold what was written (esptool: MD5 of file does not match data in flash!)',
  ],
  [
    'a cable pulled',
    '\nA serial exception error occurred: device reports readiness to read but returned no data\nNote: This error originates from pySerial.\n',
    'port-lost',
    'P was lost (esptool: A serial exception error occurred: device reports readiness to read but returned no data)',
  ],
  [
    'a locked chip',
    fatal("The 'flash-id' command is not available in Secure Download Mode."),
    'chip-unsupported',
    "the chip is in Secure Download Mode, in which nothing can be read or verified (esptool: The 'flash-id' command is not available in Secure Download Mode.)",
  ],
  [
    'a command that the chip refuses',
    fatal('Failed to write compressed data to flash after seq 0 (result was 0106: Failed to act on received message)'),
    'chip-refused',
    'the chip answers with an error (esptool: Failed to write compressed data to flash after seq 0 (result was 0106: Failed to act on received message))',
  ],
  [
    'a Python without esptool',
    '/usr/bin/python3: No module named esptool\n',
    'esptool-failed',
    'this Python has no esptool',
  ],
  [
    'anything else',
    "usage: esptool\nesptool: error: argument operation: invalid choice: 'flash-id'\n",
    'esptool-failed',
    "esptool failed with exit code 2: esptool: error: argument operation: invalid choice: 'flash-id'",
  ],
  ['silence', '', 'esptool-failed', 'esptool failed with exit code 2 and said nothing'],
];

for (const [what, output, code, message] of known) {
  test(`esptool fails: ${what}`, () => {
    const said = failureOf(output, 'P', 2);
    assert.deepEqual([said.code, said.message], [code, message]);
    assert.ok(said.hint);
  });
}

test('what it quotes is short and shows no bytes of a key', () => {
  const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
  const { message } = failureOf(fatal(`Unexpected response: ${key} ${'x '.repeat(200)}`), 'P', 2);
  assert.ok(!message.includes(key));
  assert.ok(message.length < 250);
});
