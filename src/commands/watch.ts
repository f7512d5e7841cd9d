import { interruptedCode } from '../core/diagnostics/exit-code.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import { emptyResult } from '../pipeline/result.ts';
import { choiceOf, report } from '../report/index.ts';
import { watchReporter } from '../report/watch.ts';
import { flashChanges } from '../watch/flash-changes.ts';
import { watchProject } from '../watch/watch.ts';
import type { Command } from './command.ts';
import { deviceOptions } from './device-options.ts';
import { flashAsked, flashOptions } from './flash-options.ts';
import { execOption, projectOptions } from './options.ts';
import { hookArguments, projectArguments } from './project-arguments.ts';

export const watch: Command = {
  name: 'watch',
  summary: 'Build, and with --flash flash, again whenever something changes',
  usage: ['watch [PARTITION…] [options]'],
  about: [
    'Builds, then again whenever a source, the config, a partition table or sdkconfig changes. With --flash',
    'each build that changed an image goes on to the device, where only what differs is written. What is wrong',
    'meanwhile is said once, and the last good images stay. Passwords are asked for once; what programs of',
    'sources printed is kept until the config changes. With --json each build prints one document on one line.',
    '',
    'Exit codes: 130 ended by Ctrl-C, 1 changes cannot be watched for, 2 wrong use.',
  ].join('\n'),
  options: {
    flash: { type: 'boolean', help: 'Flash the device after each build that changed an image' },
    ...deviceOptions,
    ...flashOptions,
    ...projectOptions,
    poll: { type: 'boolean', help: 'Look for changes five times a second: network mounts, WSL, containers' },
    ...execOption,
  },
  conflicts: [
    ['exec', 'no-exec'],
    ['merge', 'overwrite'],
  ],
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki watch', 'all partitions'],
    ['at-pki watch --flash --port /dev/ttyUSB0', 'save a file, and the board has it'],
    ['at-pki watch --flash --after no-reset', 'faster, for a board that need not start its firmware'],
    ['at-pki watch mqtt_cert mqtt_key', 'these two only'],
    ['at-pki watch --poll', 'on a network mount, in WSL, in a container'],
    ['at-pki watch --exec make flash', 'and flash, whenever an image changed'],
    ["at-pki watch --json | jq -c '[.ok, .changed]'", 'for scripts'],
  ],
  async run(args, context) {
    const problems = new Problems();
    const options = projectArguments(args, context, problems);
    const choice = choiceOf(args, context);
    const flash = flashAsked(args, context, choice, problems);
    if (problems.all.length > 0) return report(emptyResult('watch', context.cwd, problems.all), choice, context);
    const signal = context.interruption?.() ?? new AbortController().signal;
    const onRun = await watchReporter(choice, context, context.now ?? (() => new Date()));
    const hooks = hookArguments(args, context);
    const build = { ...options, cwd: context.cwd };
    const { clock } = context;
    const afterBuild = flash && flashChanges(flash, { ...hooks, env: context.env });
    const failures = await watchProject({
      ...{ build, hooks, poll: args.flag('poll'), signal, onRun },
      afterBuild,
      clock,
    });
    if (failures.length > 0) return report(emptyResult('watch', context.cwd, failures), choice, context);
    return interruptedCode;
  },
};
