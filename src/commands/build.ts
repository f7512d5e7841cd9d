import { buildWithHooks } from '../pipeline/hooks.ts';
import { emptyResult } from '../pipeline/result.ts';
import { choiceOf, report } from '../report/index.ts';
import type { Command } from './command.ts';
import { deviceOptions, withoutFlash } from './device-options.ts';
import { flashArguments } from './flash-options.ts';
import { execOption, projectOptions } from './options.ts';
import { hookArguments, projectArguments } from './project-arguments.ts';

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
    const { options, diagnostics: problems } = projectArguments(args, context);
    const choice = choiceOf(args, context);
    const flash = args.flag('flash') ? flashArguments(args, context, choice) : undefined;
    const diagnostics = [...problems, ...(flash?.diagnostics ?? withoutFlash(args))];
    if (diagnostics.length > 0) return report(emptyResult('build', context.cwd, diagnostics), choice, context);
    const mode = args.flag('check') ? 'check' : args.flag('dry-run') ? 'plan' : 'write';
    const hooks = hookArguments(args, context);
    const result = await buildWithHooks({ ...options, mode, force: args.flag('force') }, hooks);
    if (flash === undefined) return report(result, choice, context);
    const { flashWithHooks } = await import('../flash/flash-with-hooks.ts');
    return report(await flashWithHooks(result, flash.value, { ...hooks, env: context.env }), choice, context);
  },
};
