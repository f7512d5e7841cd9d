import { defineCheck } from './check.ts';

const othersMayRead = 0o077;

/** A private key that others on this machine can read. Off unless asked for: checkouts come with open modes. */
export const fileMode = defineCheck({
  code: 'file-mode',
  severity: 'warning',
  off: true,
  summary: 'A private key can be read by other users of this machine.',
  explain: async () => ({
    meaning: 'The device works. Other users of this machine, and the programs that they run, can read the key.',
    cause: 'Files come out of an archive, a repository or a script with the usual open modes.',
    remedy:
      'Close the file: chmod 600 FILE. Better, keep keys out of the repository and use an `exec` or `env` source. The check is off unless asked for: `at-pki check --warn file-mode`.',
    source: 'man 2 chmod.',
  }),
  run: ({ slots }) =>
    slots
      .filter(({ kind, mode }) => kind === 'key' && mode !== undefined && (mode & othersMayRead) !== 0)
      .map((slot) => {
        const message = `${slot.name} can be read by others (mode 0${((slot.mode ?? 0) & 0o777).toString(8)})`;
        return { slot, hint: 'chmod 600', message };
      }),
});
