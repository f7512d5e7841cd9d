import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hex } from '../../../core/bytes.ts';
import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { chipNamed, esp32Fuses } from '../../chips.ts';
import { type ConnectOptions, DeviceError, type Driver, type FlashDevice } from '../../device.ts';
import { versionIn } from './command-line.ts';
import { type Security, securityIn, securityOfEsp32 } from './facts.ts';
import { EsptoolFlash } from './flash.ts';
import { identify } from './identify.ts';
import { inOwnFolder } from './own-folder.ts';
import { type Program, runEsptool } from './run.ts';
import { Session } from './session.ts';

/**
 * A driver over the user's own esptool, of version 4 or 5: `program` is it and its first arguments. The port is opened
 * by esptool itself, by its name.
 */
export const esptoolDriver = (program: Program) =>
  ({ connect: (options: ConnectOptions) => connect(program, options) }) satisfies Driver;

async function connect(program: Program, options: ConnectOptions): Promise<FlashDevice> {
  const session = new Session(program, await majorOf(program, options), options);
  try {
    const { identity, notes } = await identify(session, options.baud);
    const { flashSize, ...known } = identity;
    const info = { ...known, ...(await securityOf(session, identity.chip)) };
    return { info, notes, flash: new EsptoolFlash(session, flashSize), close: (after) => session.end(after) };
  } catch (error) {
    // Nobody else can bring the board back to its firmware: there is no device to close.
    if (options.before === 'default-reset') await session.end('hard-reset');
    throw error;
  }
}

/** Seconds. The first start of a Python on a slow machine compiles all of esptool. */
const startTime = 60;

async function majorOf(program: Program, { port, signal, clock }: ConnectOptions): Promise<number> {
  const errand = { args: ['version'], doing: 'starting esptool', port: port.name, timeout: startTime, signal, clock };
  const version = versionIn(await runEsptool(program, errand));
  if (version !== undefined && version.major >= 4) return version.major;
  const found = version === undefined ? 'does not tell its version' : `is version ${version.text}`;
  throw new DeviceError(
    diagnostic('esptool-failed', `${program.join(' ')} ${found}, and 4 or 5 is needed`, {
      hint: 'pip install --upgrade esptool',
    }),
  );
}

async function securityOf(session: Session, chip: string): Promise<Security> {
  const { security } = chipNamed(chip);
  if (security === 'none') return { flashEncryption: false, secureBoot: false };
  const doing = 'asking the chip whether it is locked';
  if (security === 'command') return securityIn(await session.run({ command: 'get-security-info', doing }));
  return inOwnFolder(async (folder) => {
    const file = join(folder, 'fuses.bin');
    await writeFile(file, '', { mode: 0o600 });
    const { offset, size } = esp32Fuses;
    await session.run({ command: 'dump-mem', args: [hex(offset), String(size), file], doing });
    return securityOfEsp32(await readFile(file));
  });
}
