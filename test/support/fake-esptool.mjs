// Stands in for esptool: `node fake-esptool.mjs STATE.json ARGUMENTS…`. Understands the command lines of version 4 or 5
// (`version` in the state), strictly: the words of the other one are refused. Prints as that version does, keeps the
// flash in a file, and leaves the chip as its last words ask, so that the next call may find nobody there.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [stateFile, ...words] = process.argv.slice(2);
const state = JSON.parse(readFileSync(stateFile, 'utf8'));
const major = Number(state.version.split('.')[0]);
const isFive = major >= 5;
const romBaud = 115200;
appendFileSync(`${stateFile}.log`, `${JSON.stringify(words)}\n`);

const say = (text) => process.stdout.write(text);
const line = (text = '') => say(`${text}\n`);
const save = () => writeFileSync(stateFile, JSON.stringify(state));

/** Ends as esptool ends on a FatalError: version 5 tells it on stderr. */
function fatal(text, exit = 2) {
  save();
  const whole = `\nA fatal error occurred: ${text}\n`;
  if (isFive) process.stderr.write(whole);
  else say(whole);
  process.exit(exit);
}

function usage(text) {
  process.stderr.write(`usage: esptool [-h]\nesptool: error: ${text}\n`);
  process.exit(2);
}

line(isFive ? `esptool v${state.version}` : `esptool.py v${state.version}`);
if (words[0] === 'version') {
  line(state.version);
  process.exit(0);
}

const options = {};
let at = 0;
for (; words[at]?.startsWith('--'); at += 2) options[words[at].slice(2)] = words[at + 1];
const command = words[at] ?? '';
const rest = words.slice(at + 1);
const unknown = [command, options.before, options.after, ...rest.filter((word) => word.startsWith('--'))].find(
  (word) => (isFive ? word.includes('_') : word.replace(/^--/, '').includes('-')),
);
if (unknown) usage(`invalid choice: '${unknown}'`);
const name = command.replaceAll('_', '-');
const after = options.after.replaceAll('_', '-');

const failure = state.fail?.find((fail) => fail.on === 'connect' || fail.on === name);
if (failure?.on === 'connect') fail(failure);
connect();
await perform();
leave();

function fail({ text, raw, exit = 2 }) {
  if (raw === undefined) fatal(text, exit);
  save();
  process.stderr.write(raw);
  process.exit(exit);
}

function connect() {
  line(isFive ? `Serial port ${options.port}:` : `Serial port ${options.port}`);
  if (options.before.startsWith('default') && state.lines) Object.assign(state, { runs: 'rom', rate: romBaud });
  say('Connecting...');
  const answers = state.runs === 'rom' || (state.runs === 'stub' && state.rate === romBaud);
  if (!answers) fatal('Failed to connect to Espressif device: No serial data received.');
  const { chip } = state;
  if (options.chip === 'auto' && state.undetected) {
    fatal(
      'Unsupported Command Error received. Probably this means Secure Download Mode is enabled, autodetection will not work.',
    );
  }
  if (options.chip !== 'auto' && options.chip !== chip) {
    fatal(`This chip is ${chip} not ${options.chip}. Wrong --chip argument?`);
  }
  const baseMac = state.mac.slice(0, 8);
  const macs = state.longMac
    ? [`MAC: ${baseMac}:ff:fe:${state.mac.slice(9)}`, `BASE MAC: ${state.mac}`, 'MAC_EXT: ff:fe']
    : [`MAC: ${state.mac}`];
  if (isFive) {
    line(`\nConnected to ${chip} on ${options.port}:`);
    line(`Chip type:          ${chip} (revision v0.4)`);
    for (const mac of macs) line(mac.replace(/: /, `:${' '.repeat(12)}`));
  } else {
    if (options.chip === 'auto') line(`\nDetecting chip type... ${chip}`);
    line(`Chip is ${chip} (revision v0.4)`);
    for (const mac of macs) line(mac);
  }
  if (state.runs === 'stub')
    line(
      isFive
        ? 'Stub flasher is already running. No upload is necessary.'
        : 'Stub is already running. No upload is necessary.',
    );
  Object.assign(state, { runs: 'stub', rate: romBaud });
  if (Number(options.baud) > romBaud) {
    line(`Changing baud rate to ${options.baud}`);
    state.rate = Number(options.baud);
    if (state.rate > (state.maxBaud ?? Number.POSITIVE_INFINITY)) fatal('No serial data received.');
  }
}

async function perform() {
  if (failure) fail(failure);
  if (state.hang === name) await hang();
  switch (name) {
    case 'flash-id':
      return line(`Manufacturer: 20\nDevice: 4016\nDetected flash size: ${state.flashSize ?? '4MB'}`);
    case 'read-mac':
      return;
    case 'get-security-info':
      line(`\nSecurity Information:\n=====================\nFlags: 0x00000000 (0b0)`);
      line(`Secure Boot: ${state.secureBoot ? 'Enabled' : 'Disabled'}`);
      return line(`Flash Encryption: ${state.flashEncryption ? 'Enabled' : 'Disabled'}`);
    case 'dump-mem':
      return writeFileSync(rest[2], fuses(Number(rest[0]), Number(rest[1])));
    case 'read-flash':
      return read(Number(rest[0]), Number(rest[1]), rest[2]);
    case 'write-flash':
      return write(rest.slice(rest[6] === '-u' ? 7 : 6));
    default:
      usage(`invalid choice: '${command}'`);
  }
}

/** Waits to be killed; with `deaf`, not even SIGINT ends it. */
async function hang() {
  if (state.deaf) process.on('SIGINT', () => {});
  writeFileSync(`${stateFile}.hangs`, '');
  setInterval(() => {}, 1000);
  await new Promise(() => {});
}

function fuses(offset, size) {
  if (offset !== 0x3ff5a000 || size < 28) fatal('unexpected address');
  const words = new DataView(new ArrayBuffer(size));
  if (state.flashEncryption) words.setUint32(0, 1 << 20, true);
  if (state.secureBoot) words.setUint32(24, 1 << 4, true);
  return Buffer.from(words.buffer);
}

function noteModes(file) {
  const modes = [dirname(file), file].map((path) => (statSync(path).mode & 0o777).toString(8));
  state.modes = [...(state.modes ?? []), modes.join(' ')];
}

function read(offset, size, file) {
  const bytes = readFileSync(state.flash).subarray(offset, offset + size);
  for (let done = 4096; done <= size; done += 4096) {
    const percent = ((done * 100) / size).toFixed(1);
    const old = `${done} (${Math.floor((done * 100) / size)} %)`;
    if (!isFive) say(old + (done === size ? '\n' : '\b'.repeat(old.length)));
    else
      line(
        `\rReading from 0x${(offset + done).toString(16).padStart(8, '0')} [==>  ] ${percent}% ${done}/${size} bytes... `,
      );
  }
  noteModes(file);
  writeFileSync(file, state.short ? bytes.subarray(1) : bytes);
}

function write(places) {
  const flash = readFileSync(state.flash);
  for (let at = 0; at < places.length; at += 2) {
    const offset = Number(places[at]);
    const bytes = readFileSync(places[at + 1]);
    noteModes(places[at + 1]);
    for (let done = 0; done < bytes.length; done += 4096) {
      const place = `0x${(offset + done).toString(16).padStart(8, '0')}`;
      const percent = Math.floor(((done + 4096) * 100) / bytes.length);
      line(
        isFive
          ? `\rWriting at ${place} [==>  ] ${percent}.0% 99/999 bytes... `
          : `Writing at ${place}... (${percent} %)`,
      );
      flash.set(bytes.subarray(done, done + 4096), offset + done);
    }
    writeFileSync(state.flash, flash);
    const place = `0x${offset.toString(16).padStart(8, '0')}`;
    line(`Wrote ${bytes.length} bytes (99 compressed) at ${place} in 0.1 seconds (9.9 kbit/s)${isFive ? '.' : '...'}`);
    line('Hash of data verified.');
  }
}

function leave() {
  if (after === 'hard-reset') Object.assign(state, { runs: state.lines ? 'app' : 'stub', rate: romBaud });
  if (after === 'no-reset') Object.assign(state, { runs: 'rom', rate: romBaud });
  save();
}
