import { resolve } from 'node:path';
import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { Problems } from '../core/diagnostics/problems.ts';
import { buildWithHooks } from '../pipeline/hooks.ts';
import { emptyResult } from '../pipeline/result.ts';
import { openProject } from '../project/open.ts';
import { severitiesOf } from '../project/project.ts';
import { choiceOf, report } from '../report/index.ts';
import type { Command } from './command.ts';
import { deviceOptions } from './device-options.ts';
import { flashArguments, flashOptions } from './flash-options.ts';
import { projectOptions } from './options.ts';
import { hookArguments, projectArguments } from './project-arguments.ts';

export const flash: Command = {
  name: 'flash',
  summary: 'Build what is not up to date, and write to the device what differs there',
  usage: ['flash [PARTITION…] [options]', 'flash --restore DIR [options]'],
  about: [
    'Builds as build does. Where that goes without an error it connects, looks whether it is the right board',
    'and whether its partition table agrees, writes the sectors that differ, and verifies them by MD5. A copy',
    'of what was there goes to .at-pki/backup beside the config.',
    '',
    'Exit codes: 0 done, 1 problems found, 2 wrong use or config, 3 device or port, 130 interrupted.',
  ].join('\n'),
  options: {
    ...deviceOptions,
    ...flashOptions,
    restore: { type: 'string', value: 'DIR', help: 'Put back what a flash overwrote: the folder of its backup' },
    force: { type: 'boolean', short: 'f', help: 'With --restore: also to another board than the backup is of' },
    ...projectOptions,
  },
  conflicts: [
    ['merge', 'overwrite'],
    ['restore', 'full'],
    ['restore', 'merge'],
    ['restore', 'overwrite'],
    ['restore', 'update-table'],
  ],
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki flash', 'all partitions, to the one board that is connected'],
    ['at-pki flash mqtt_cert mqtt_key --port /dev/ttyUSB1', 'these two, to that board'],
    ['at-pki flash --port rfc2217://bench.local:4000', 'over the network'],
    ['at-pki flash --restore .at-pki/backup/a0-b1-c2-d3-e4-f5/2026-11-21T12-30-05Z', 'put back what was there'],
    ['at-pki flash --json | jq .device.mac', 'for scripts'],
  ],
  async run(args, context) {
    const choice = choiceOf(args, context);
    const problems = new Problems();
    const options = projectArguments(args, context, problems);
    const request = flashArguments(args, context, choice, problems);
    const folder = args.text('restore');
    if (folder !== undefined && args.words.length > 0) {
      problems.add(diagnostic('usage', '--restore puts back all of a backup: it takes no names of partitions'));
    }
    if (problems.all.length > 0) return report(emptyResult('flash', context.cwd, problems.all), choice, context);
    if (folder !== undefined) {
      const { restoreBackup } = await import('../flash/restore.ts');
      // A backup can be put back where there is no project, or a broken one.
      const { project, diagnostics: opened } = await openProject({ ...options, cwd: context.cwd });
      const refused = opened.filter(({ code }) => code === 'exec-refused');
      if (refused.length > 0) return report(emptyResult('flash', context.cwd, refused), choice, context);
      const severities = severitiesOf(project, options.levels ?? {});
      const base = { ...emptyResult('flash', context.cwd, []), severities, project };
      const restored = await restoreBackup(resolve(context.cwd, folder), base, {
        ...request,
        force: args.flag('force'),
      });
      return report(restored, choice, context);
    }
    const { flashWithHooks } = await import('../flash/flash-with-hooks.ts');
    const hooks = hookArguments(args, context);
    const built = await buildWithHooks(options, hooks, 'flash');
    return report(await flashWithHooks(built, request, { ...hooks, env: context.env }), choice, context);
  },
};
