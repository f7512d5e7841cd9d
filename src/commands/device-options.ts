import { parseBaud, parseEsptool } from '../config/flash-values.ts';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import { parsePort } from '../core/port-name.ts';
import type { After, Before } from '../device/device.ts';
import type { DeviceChoice, SessionRequest } from '../device/session.ts';
import type { Choice } from '../report/index.ts';
import { showProgress } from '../report/progress.ts';
import type { Arguments, Context, Options } from './command.ts';

/** The options that say which device, and how to get at it: for every command that speaks with one. */
export const deviceOptions = {
  port: {
    type: 'string',
    short: 'p',
    value: 'PORT',
    help: 'Port; auto, socket://HOST:PORT, rfc2217://HOST:PORT (default: auto)',
  },
  baud: { type: 'string', short: 'b', value: 'RATE', help: 'Rate to work at (default: 460800)' },
  chip: { type: 'string', value: 'CHIP', help: 'Refuse any other chip than this, e.g. esp32c3' },
  before: { type: 'string', value: 'HOW', help: 'default-reset, or no-reset where the chip is in its loader already' },
  after: { type: 'string', value: 'HOW', help: 'hard-reset, or no-reset to leave the chip in its loader' },
  driver: { type: 'string', value: 'NAME', help: 'Driver by name: stub, our own flasher, or esptool' },
  esptool: { type: 'string', value: 'PROGRAM', help: 'Use this esptool (v4 or v5) instead of our own flasher' },
} as const satisfies Options;

/** What a session with a device needs of the process: somebody to ask, an end before the end, progress. */
export const sessionSurroundings = (
  { choose, interruption, clock, stderr }: Pick<Context, 'choose' | 'interruption' | 'clock' | 'stderr'>,
  choice: Choice,
): Pick<SessionRequest, 'choose' | 'onPhase' | 'clock'> & Pick<Context, 'interruption'> => ({
  choose: choose && choice.reporter === 'pretty' ? choose : undefined,
  interruption,
  clock,
  onPhase: showProgress(stderr, choice.verbosity === 'quiet' || choice.reporter !== 'pretty', clock),
});

const texts = ['port', 'baud', 'chip', 'driver', 'esptool'] as const;

/** What was asked for on the command line; the config's settings hold where it is silent. */
export function deviceArguments(args: Arguments, problems: Problems): DeviceChoice {
  const [port, baudText, chip, driver, esptool] = texts.map((name) => args.text(name));
  const name = port === undefined ? undefined : parsePort(port);
  if (name && !name.ok) problems.add(diagnostic('usage', name.error.message, { hint: name.error.hint }));
  const baud = baudText === undefined ? undefined : parseBaud(baudText);
  if (baud && !baud.ok) problems.add(diagnostic('usage', `--baud ${baud.error.message}`, { hint: baud.error.hint }));
  if (driver !== undefined && driver !== 'esptool' && esptool !== undefined) {
    problems.add(diagnostic('usage', `--esptool is not for the driver ${driver}: leave out one of the two`));
  }
  const program = esptool === undefined ? undefined : parseEsptool([esptool]);
  if (program && !program.ok) {
    problems.add(diagnostic('usage', `--esptool: ${program.error.message}`, { hint: program.error.hint }));
  }
  const before = modeOf<Before>(args, 'before', ['default-reset', 'no-reset'], problems);
  const after = modeOf<After>(args, 'after', ['hard-reset', 'no-reset'], problems);
  return {
    port: name?.ok ? name.value : undefined,
    baud: baud?.ok ? baud.value : undefined,
    chip,
    before,
    after,
    driver,
    esptool: program?.ok ? program.value : undefined,
    exec: args.flag('no-exec') ? false : undefined,
  };
}

/** esptool v4 writes its modes with `_`, v5 with `-`; people have both in their fingers. */
function modeOf<Mode extends string>(
  args: Arguments,
  name: string,
  modes: readonly Mode[],
  problems: Problems,
): Mode | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const mode = modes.find((one) => one === text.replaceAll('_', '-'));
  if (mode === undefined) {
    problems.add(diagnostic('usage', `--${name} takes ${modes.join(' or ')}; it was given "${text}"`));
  }
  return mode;
}
