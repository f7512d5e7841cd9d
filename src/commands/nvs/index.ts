import { writeLines } from '../../core/door.ts';
import { choiceOf } from '../../report/index.ts';
import type { Command } from '../command.ts';
import { commandHelp, groupHelp } from '../help.ts';

export const nvs: Command = {
  name: 'nvs',
  summary: 'Make, read and change NVS images',
  usage: ['nvs COMMAND [arguments] [options]'],
  about: `Commands:\n${groupHelp('nvs')}\n\nat-pki nvs COMMAND --help tells more.`,
  options: {},
  words: { min: 0, max: 0 },
  examples: [
    ['at-pki nvs generate mfg_nvs.csv mfg_nvs.bin 0x1c000', 'an image from a CSV'],
    ['at-pki nvs dump mfg_nvs.bin', 'what is in it'],
  ],
  async run(args, context) {
    // Without a command there is nothing to do: the same answer as to at-pki alone.
    if (choiceOf(args, context).reporter === 'pretty') writeLines(context.stderr, commandHelp(nvs));
    return 2;
  },
};
