import { codesOf } from '../code.ts';

/** Command line, hooks and output. */
export const commandCodes = codesOf({
  usage: {
    severity: 'error',
    blame: 'usage',
    summary: 'The command line is not understood.',
    explain: async () => ({
      meaning: 'Nothing was run: the command line names an option, a word or a combination that the command rejects.',
      cause: 'A typo, an option of another command, or a value in a form that the option does not take.',
      remedy: 'Read the help of the command: `at-pki build --help`, or `at-pki --help` for the list of commands.',
      source: 'README, "Commands".',
    }),
  },
  'nothing-to-build': {
    severity: 'error',
    blame: 'usage',
    summary: 'There is neither a config nor an esp-at checkout here.',
    explain: async () => ({
      meaning: 'Nothing was built: no pki.config.json and no esp-at checkout is in this folder or above it.',
      cause: 'The command was started in another folder, or the config has a name that at-pki does not look for.',
      remedy: 'Name the folder or the config: `at-pki build --cwd esp-at`, `at-pki build --config my.config.json`.',
      source: 'README, "In an esp-at checkout" and "With a config".',
    }),
  },
  'exec-refused': {
    severity: 'error',
    blame: 'usage',
    summary: 'Something would run a program, a source or the config itself, under --no-exec.',
    explain: async () => ({
      meaning: 'Nothing was run and nothing was built: --no-exec forbids programs, and the project needs one.',
      cause: 'The config has an exec source, a hook or an esptool, or is itself JavaScript or TypeScript.',
      remedy:
        'Leave --no-exec out if you trust the config. Otherwise replace the exec source with a file or an `env` source.',
      source: 'README, "With a config".',
    }),
  },
  'too-many-warnings': {
    severity: 'error',
    summary: 'There are more warnings than --max-warnings allows.',
    explain: async () => ({
      meaning: 'The images are good as far as errors go; the run fails because of the limit on warnings.',
      cause: 'A new warning appeared: a certificate comes close to its expiry, for example.',
      remedy:
        'Fix the warnings, or accept one kind of them: `at-pki check --off expires-soon`, or `"checks": { "expires-soon": "info" }` in the config.',
      source: 'README, "What it says".',
    }),
  },
  'hook-failed': {
    severity: 'error',
    summary: 'A program of a hook or of --exec failed.',
    explain: async () => ({
      meaning:
        'The program ended with an error. After a failed preBuild hook nothing is built; images built before a failed postBuild or --exec stay.',
      cause:
        'The program is not installed or not in PATH, or reported an error of its own. It runs without a shell, in the folder of the config.',
      remedy:
        'Run the same program by hand in that folder. For shell syntax name a shell: `"hooks": { "postBuild": ["sh", "-c", "…"] }`.',
      source: 'schema/pki.config.schema.json, "hooks".',
    }),
  },
  'watch-failed': {
    severity: 'error',
    summary: 'Changes cannot be watched for: the system gives no more watches, or none here.',
    explain: async () => ({
      meaning: 'The images are built, but later changes would go unnoticed, and so the watch ends.',
      cause: 'The limits of inotify are used up by editors and other watchers, or the file system reports no changes.',
      remedy:
        'Poll instead: `at-pki watch --poll`. On Linux raise the limit: sudo sysctl fs.inotify.max_user_watches=524288.',
      source: 'man 7 inotify, "/proc interfaces".',
    }),
  },
  interrupted: {
    severity: 'error',
    blame: 'interruption',
    summary: 'It was interrupted; the message says what is done and what is not.',
    explain: async () => ({
      meaning:
        'The run ended early. Each file is either the old or the new one, never half of both; a partition that was being flashed may be incomplete.',
      cause: 'Ctrl-C, or a SIGTERM from a CI job that was cancelled.',
      remedy: 'Run the same command again: `at-pki flash` writes only the sectors that still differ.',
      source: 'Exit code 128 + SIGINT: POSIX shells, "Exit Status for Commands".',
    }),
  },
  'file-exists': {
    severity: 'error',
    summary: 'A file that would be written exists already.',
    explain: async () => ({
      meaning: 'No file was written: an existing one would have been replaced.',
      cause: 'The command ran before with the same output, or two outputs have one name.',
      remedy: 'Choose another output, or replace the files: `at-pki extract mfg_nvs.bin -o out --force`.',
      source: 'README, "Commands".',
    }),
  },
  stale: {
    severity: 'error',
    summary: 'An image on disk is not what its sources give (only under --check).',
    explain: async () => ({
      meaning: 'The image on disk is missing, or differs from what its sources give now. Nothing was written.',
      cause: 'A certificate, the config or the partition table changed after the last build.',
      remedy: 'Build, and commit the images if they are kept in the repository: `at-pki build`.',
      source: 'README, "Commands".',
    }),
  },
  'write-failed': {
    severity: 'error',
    summary: 'A file could not be written; the old one is untouched.',
    explain: async () => ({
      meaning: 'The new content is not on disk. The old file is as it was, since files are replaced by renaming.',
      cause:
        'The disk is full, the folder is read-only or belongs to another user, or another program holds the file (Windows).',
      remedy: 'Make room or fix the permissions of the folder, then run the command again.',
      source: 'man 2 rename, "ERRORS".',
    }),
  },
});
