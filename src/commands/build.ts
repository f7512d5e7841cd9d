import { buildProject } from '../build.ts';
import { nvsProfiles } from '../formats/nvs/model.ts';
import { choiceOf, report, reporters } from '../report/index.ts';
import type { Command } from './command.ts';
import { projectOptions } from './options.ts';

export const build: Command = {
  name: 'build',
  summary: 'Build the images that are not up to date',
  usage: ['build [PARTITION…] [options]'],
  about: [
    'Takes the config found from here upwards (pki.config.json and its like), else the esp-at checkout',
    'around this folder. Checks everything, then writes only the images that changed.',
    '',
    'Exit codes: 0 done, 1 problems found, 2 wrong use or config.',
  ].join('\n'),
  options: {
    ...projectOptions,
    check: { type: 'boolean', help: 'Write nothing; exit 1 if an image is not up to date' },
    'dry-run': { type: 'boolean', short: 'n', help: 'Write nothing; say what would be written' },
    force: { type: 'boolean', short: 'f', help: 'Write images that are equal, too (never overrides an error)' },
    reporter: { type: 'string', choices: Object.keys(reporters), help: 'How to print the result' },
  },
  conflicts: [
    ['check', 'dry-run'],
    ['check', 'force'],
  ],
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki build', 'all partitions'],
    ['at-pki build client_cert client_key', 'these two only'],
    ['at-pki build --module esp32c3_default', 'choose the module of a checkout'],
    ['at-pki build --check --reporter github', 'in CI'],
    ['at-pki build --json | jq .partitions', 'for scripts'],
  ],
  async run(args, context) {
    const [config, module, table] = ['config', 'module', 'table'].map((name) => args.text(name));
    const profile = nvsProfiles.find((one) => one === args.text('nvs-profile'));
    const result = await buildProject({
      cwd: context.cwd,
      ...(config && { config }),
      ...(module && { module }),
      ...(table && { table }),
      ...(profile && { nvsProfile: profile }),
      partitions: args.words,
      mode: args.flag('check') ? 'check' : args.flag('dry-run') ? 'plan' : 'write',
      force: args.flag('force'),
      exec: !args.flag('no-exec'),
      env: context.env,
      ...(context.askPassword && { askPassword: context.askPassword }),
    });
    return report(result, choiceOf(args, context), context);
  },
};
