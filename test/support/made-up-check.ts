import { defineCheck } from '../../src/checks/check.ts';

/** A check that a test registers: file names with a space. */
export const spacedName = defineCheck({
  code: 'spaced-name',
  severity: 'warning',
  summary: 'The name of a file has a space.',
  explain: async () => ({
    meaning: 'Nothing for the device.',
    cause: 'A file was named for people.',
    remedy: 'Rename it.',
    source: 'A test.',
  }),
  run: ({ slots }) =>
    slots
      .filter(({ name }) => name.includes(' '))
      .map((slot) => ({ slot, message: `${slot.name} has a space`, hint: 'rename it' })),
});
