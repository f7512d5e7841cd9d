import { realClock } from '../core/clock.ts';
import { stampedResult } from '../pipeline/stamp.ts';
import { choiceOf, report } from '../report/index.ts';
import type { Command } from './command.ts';
import { deviceOptions } from './device-options.ts';
import { execOption, projectOptions } from './options.ts';

export const build: Command = {
  name: 'build',
  summary: 'Build the images that are not up to date',
  usage: ['build [PARTITION…] [options]'],
  about: [
    'Takes the config found from here upwards (pki.config.json and its like), else the esp-at checkout',
    'around this folder. Checks everything, then writes only the images that changed.',
    '',
    'Exit codes: 0 done, 1 problems found, 2 wrong use or config, 3 device or port (--flash), 130 interrupted.',
  ].join('\n'),
  options: {
    ...projectOptions,
    check: { type: 'boolean', help: 'Write nothing; exit 1 if an image is not up to date' },
    'dry-run': { type: 'boolean', short: 'n', help: 'Write nothing; say what would be written' },
    force: { type: 'boolean', short: 'f', help: 'Write images that are equal, too (never overrides an error)' },
    flash: { type: 'boolean', help: 'Then flash the device, as at-pki flash does by default' },
    port: deviceOptions.port,
    ...execOption,
  },
  conflicts: [
    ['check', 'dry-run'],
    ['check', 'force'],
    ['exec', 'no-exec'],
    ['exec', 'check'],
    ['exec', 'dry-run'],
    ['flash', 'check'],
    ['flash', 'dry-run'],
  ],
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki build', 'all partitions'],
    ['at-pki build client_cert client_key', 'these two only'],
    ['at-pki build --module esp32c3_default', 'choose the module of a checkout'],
    ['at-pki build --check --reporter github', 'in CI'],
    ['at-pki build --json | jq .partitions', 'for scripts'],
    ['at-pki build --exec make flash', 'and run a program, if an image changed'],
    ['at-pki build --flash', 'and on to the device'],
  ],
  async run(args, context) {
    const choice = choiceOf(args, context);
    const { cwd, stamps, now = () => new Date(), clock = realClock } = context;
    const started = clock.now();
    const call = stamps === undefined ? undefined : { home: stamps, cwd, argv: args.argv };
    const result = call && stampedResult(call, now().getTime());
    if (result) return report({ ...result, durationMs: Math.floor(clock.now() - started) }, choice, context);
    // A build with nothing to do does without the rest of the program.
    const { buildWhole } = await import('./build-whole.ts');
    return report(await buildWhole(args, context, choice, call), choice, context);
  },
};
