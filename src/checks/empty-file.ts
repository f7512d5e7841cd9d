import { defineCheck } from './check.ts';

/** A file with nothing in it, or nothing but white space. */
export const emptyFile = defineCheck({
  code: 'empty-file',
  severity: 'error',
  summary: 'A source file is empty: the device would find an empty certificate.',
  explain: async () => ({
    meaning: 'The firmware would find a certificate without content, and every connection that needs it would fail.',
    cause: 'An export or a script was interrupted, or wrote its output elsewhere.',
    remedy: 'Export the file again, or remove it from the folder.',
    source: 'esp-at, tools/AtPKI.py packs an item of 0 bytes.',
  }),
  run: ({ slots }) =>
    slots
      .filter(({ identified }) => identified.what === 'empty')
      .map((slot) => {
        const message = `${slot.name} is empty${slot.bytes.length > 0 ? ': it holds nothing but white space' : ''}`;
        return { slot, hint: 'fill the file or remove it', message };
      }),
});
