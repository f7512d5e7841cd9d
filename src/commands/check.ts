import { Problems } from '../core/diagnostics/problems.ts';
import { buildProject } from '../pipeline/build.ts';
import { emptyResult } from '../pipeline/result.ts';
import { choiceOf, report } from '../report/index.ts';
import type { Command } from './command.ts';
import { projectOptions } from './options.ts';
import { projectArguments } from './project-arguments.ts';

export const check: Command = {
  name: 'check',
  summary: 'Check certificates, keys and their fit; write nothing',
  usage: ['check [PARTITION…] [options]'],
  about: [
    'Says of every certificate and key what the device would make of it: wrong kind, wrong key, expired, too weak,',
    'not in a form that it reads. at-pki explain CODE tells more of each finding.',
    '',
    'Exit codes: 0 nothing found but warnings, 1 errors, 2 wrong use or config.',
  ].join('\n'),
  options: {
    ...projectOptions,
  },
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki check', 'all partitions'],
    ['at-pki check --max-warnings 0', 'warnings fail, too'],
    ['at-pki check --off test-material --error expires-soon', 'other severities'],
    ['at-pki check --reporter github', 'annotations in a workflow'],
  ],
  async run(args, context) {
    const problems = new Problems();
    const options = projectArguments(args, context, problems);
    const choice = choiceOf(args, context);
    if (problems.all.length > 0) return report(emptyResult('check', context.cwd, problems.all), choice, context);
    return report(await buildProject({ ...options, mode: 'plan' }, 'check'), choice, context);
  },
};
