import { stripVTControlCharacters } from 'node:util';
import type { Code } from '../../../core/diagnostics/codes.ts';
import { type Diagnostic, diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { maskSecrets } from '../../../core/mask.ts';
import { printable } from '../../../core/text.ts';
import { byHand } from '../../connect-diagnosis.ts';

interface Symptom {
  readonly sign: RegExp;
  readonly code: Code;
  /** A clause; what esptool says follows it. */
  readonly message: (port: string) => string;
  readonly hint: string;
}

const unplugged = 'is the board plugged in? does the cable carry data?';
const bootMode = `is the board powered, and this its port for flashing (UART0)? else ${byHand}`;
const noise = 'take a lower --baud, a shorter cable, another USB port';

/** What esptool is known to say, in versions 4 and 5; the first that fits counts. */
const symptoms: readonly Symptom[] = [
  {
    sign: /could not open .*(Errno (111|113|101|61|60|110|-2|-3|-5|8)\b|refused|timed out|Name or service|getaddrinfo|not seem to support)/is,
    code: 'port-unreachable',
    message: (port) => `${port} does not answer`,
    hint: 'check host and port, and what should listen there',
  },
  {
    sign: /could not open .*(Errno 16|Errno 11\b|exclusively lock|resource busy|access is denied)/is,
    code: 'port-busy',
    message: (port) => `another program holds ${port}`,
    hint: 'close the serial monitor or terminal that uses it',
  },
  {
    sign: /could not open .*(Errno 13|permission denied|Errno 1\b)/is,
    code: 'port-denied',
    message: (port) => `this user may not open ${port}`,
    hint: 'join the group of the port (dialout or uucp): sudo usermod -aG dialout $USER, then log out and in again',
  },
  {
    sign: /could not open /i,
    code: 'port-missing',
    message: (port) => `there is no port ${port}, or it cannot be opened`,
    hint: unplugged,
  },
  {
    sign: /Secure Download Mode/,
    code: 'chip-unsupported',
    message: () => 'the chip is in Secure Download Mode, in which nothing can be read or verified',
    hint: 'update it over the air instead',
  },
  {
    sign: /Secure Boot detected|Detected flash encryption/,
    code: 'chip-locked',
    message: () => 'flash encryption or secure boot is on',
    hint: 'plain images would make the device unusable; update it over the air instead',
  },
  {
    sign: /This chip is .* not /,
    code: 'chip-mismatch',
    message: () => 'there is another chip than before',
    hint: 'was the board exchanged?',
  },
  {
    sign: /MD5 of file does not match|written flash region is empty/,
    code: 'not-verified',
    message: () => 'the flash does not hold what was written',
    hint: 'is the supply of the board strong enough? a flash that stays so is worn out or protected',
  },
  {
    sign: /will not fit in \d+ bytes of flash|larger than detected flash size/,
    code: 'flash-too-small',
    message: () => 'the flash of the device ends before that',
    hint: 'is it the right module?',
  },
  {
    sign: /Failed to set baud rate/,
    code: 'port-unreachable',
    message: (port) => `${port} cannot work at this rate`,
    hint: 'take a usual rate: --baud 115200, 460800 or 921600',
  },
  {
    sign: /serial exception|returned no data|multiple access on port|Input\/output error|socket disconnected/i,
    code: 'port-lost',
    message: (port) => `${port} was lost`,
    hint: 'check the cable, and run it again',
  },
  {
    sign: /Wrong boot mode detected|getting no sync reply/,
    code: 'chip-silent',
    message: () => 'the chip runs its firmware, not its loader',
    hint: bootMode,
  },
  {
    sign: /Invalid head of packet|Invalid SLIP escape|Digest mismatch|Corrupt data|Expected digest|serial noise/i,
    code: 'chip-garbled',
    message: () => 'what the chip answers is damaged on its way',
    hint: noise,
  },
  {
    sign: /Failed to start stub/,
    code: 'chip-silent',
    message: () => 'the chip does not start what is loaded into it',
    hint: noise,
  },
  {
    sign: /No serial data received|Failed to connect|stopped responding|Packet content transfer stopped|No more data/i,
    code: 'chip-silent',
    message: () => 'the chip does not answer',
    hint: bootMode,
  },
  {
    sign: /Failed to autodetect|Unexpected chip (ID|magic) value|doesn't appear to be/,
    code: 'chip-unsupported',
    message: () => 'this esptool does not know the chip',
    hint: 'take a newer one: pip install --upgrade esptool',
  },
  {
    sign: /\(result was |Operation or feature not supported|SPI command did not complete/,
    code: 'chip-refused',
    message: () => 'the chip answers with an error',
    hint: 'reset the board and run it again',
  },
];

export const installHint = 'is it installed? pip install esptool';

/** What a call of esptool that failed means. `output` is all that it printed, in both streams. */
export function failureOf(output: string, port: string, exitCode: number | undefined): Diagnostic {
  if (/No module named ['"]?esptool/.test(output)) {
    return diagnostic('esptool-failed', 'this Python has no esptool', { hint: installHint });
  }
  const text = stripVTControlCharacters(output);
  const complaint = complaintIn(text);
  const line = shown(complaint);
  const symptom = symptoms.find(({ sign }) => sign.test(complaint));
  if (symptom) {
    const quoted = line === '' ? '' : ` (esptool: ${line})`;
    return diagnostic(symptom.code, `${symptom.message(port)}${quoted}`, { hint: symptom.hint });
  }
  const how = exitCode === undefined ? 'was ended from outside' : `failed with exit code ${exitCode}`;
  return diagnostic('esptool-failed', `esptool ${how}${line === '' ? ' and said nothing' : `: ${line}`}`, {
    hint: 'run that esptool by hand to see more; without --esptool, flashing needs none',
  });
}

/** What it says from `A fatal error occurred:` on; without that, its last line. */
function complaintIn(text: string): string {
  const fatal =
    /A fatal error occurred: *([\s\S]*)/.exec(text)?.[1] ?? /A serial exception error[\s\S]*/.exec(text)?.[0];
  return (
    fatal ??
    text
      .trimEnd()
      .split(/[\r\n]+/)
      .at(-1) ??
    ''
  );
}

const widestLine = 160;

function shown(complaint: string): string {
  const lines = complaint.trim().split(/[\r\n]+/);
  // `Could not open X, the port is busy or doesn't exist.`: what the system says of it comes after, in brackets.
  const reason = /^Could not open/.test(lines[0] ?? '') ? lines[1]?.replace(/^\((.*)\)$/, '$1') : undefined;
  const line = reason ?? lines[0] ?? '';
  const safe = printable(maskSecrets(line.trim()));
  return safe.length > widestLine ? `${safe.slice(0, widestLine)}…` : safe;
}
