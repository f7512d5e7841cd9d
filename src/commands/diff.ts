import type { Command } from './command.ts';
export const diff: Command = {
  name: 'diff',
  summary: '',
  usage: [''],
  options: {},
  words: { min: 2, max: 2 },
  examples: [],
  run: async () => 0,
};
