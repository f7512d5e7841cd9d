import { writeLines } from '../../core/door.ts';
import { choiceOf } from '../../report/index.ts';
import type { Command } from '../command.ts';
import { commandHelp, groupHelp } from '../help.ts';

export const certs: Command = {
  name: 'certs',
  summary: 'Make, show and fetch certificates',
  usage: ['certs COMMAND [arguments] [options]'],
  about: `Commands:\n${groupHelp('certs')}\n\nat-pki certs COMMAND --help tells more.`,
  options: {},
  words: { min: 0, max: 0 },
  examples: [
    ['at-pki certs show broker.example:8883', 'the chain that a server sends'],
    ['at-pki certs list', 'every certificate of the project, the next to expire first'],
  ],
  async run(args, context) {
    // Without a command there is nothing to do: the same answer as to at-pki alone.
    if (choiceOf(args, context).reporter === 'pretty') writeLines(context.stderr, commandHelp(certs));
    return 2;
  },
};
