import { defineCheck } from '../../src/checks/check.ts';

/** A check that a test registers: every file with an odd number of bytes. */
export const oddSize = defineCheck({
  code: 'odd-size',
  severity: 'warning',
  summary: 'A file has an odd number of bytes.',
  explain: async () => ({
    meaning: 'Nothing for the device.',
    cause: 'Half of all files are odd.',
    remedy: 'Ignore it.',
    source: 'Arithmetic.',
  }),
  run: ({ slots }) =>
    slots
      .filter(({ bytes }) => bytes.length % 2 === 1)
      .map((slot) => ({ slot, message: `${slot.name} has ${slot.bytes.length} bytes`, hint: 'add one' })),
});
