import { relative, sep } from 'node:path';
import { hex } from '../core/bytes.ts';
import type { FlashSettings } from '../project/project.ts';

/** An image and its place in the flash. */
export interface FlashImage {
  /** The partition. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly offset: number;
}

/**
 * `flash_args`, the arguments of `esptool write_flash @flash_args` as ESP-IDF writes them: the settings in the first
 * line, then a line for each image. Paths are relative to `folder`, which holds the file and is where esptool is to
 * be run.
 */
export function flashArgs(images: readonly FlashImage[], settings: FlashSettings, folder: string): string {
  const { mode, frequency, size } = esptoolSettings(settings);
  const lines = [`--flash_mode ${mode} --flash_freq ${frequency} --flash_size ${size}`];
  for (const { offset, file } of inFlashOrder(images)) lines.push(`${hex(offset)} ${argument(path(file, folder))}`);
  return `${lines.join('\n')}\n`;
}

/**
 * esptool reads the file line by line and splits each as a POSIX shell would, with Python's shlex and without
 * comments (expand_file_arguments in esptool/__init__.py): only spaces, quotes and backslashes mean something. There
 * is no way to write a line break.
 */
function argument(text: string): string {
  const named = text.startsWith('-') ? `./${text}` : text;
  return /[\s'"\\]/.test(named) ? `'${named.replaceAll("'", `'"'"'`)}'` : named;
}

/**
 * `flasher_args.json`, the same for programs, laid out as ESP-IDF's template does
 * (components/esptool_py/flasher_args.json.in). Its `encrypted` is a string there too.
 */
export function flasherArgsJson(images: readonly FlashImage[], settings: FlashSettings, folder: string): string {
  const { mode, frequency, size, chip } = esptoolSettings(settings);
  const sorted = inFlashOrder(images).map(({ name, file, offset }) => ({
    name: JSON.stringify(name),
    file: JSON.stringify(path(file, folder)),
    offset: JSON.stringify(hex(offset)),
  }));
  const files = sorted.map(({ offset, file }) => `\n        ${offset} : ${file}`);
  const members = [
    `"write_flash_args" : [ "--flash_mode", ${JSON.stringify(mode)},
                           "--flash_size", ${JSON.stringify(size)},
                           "--flash_freq", ${JSON.stringify(frequency)} ]`,
    `"flash_settings" : {
        "flash_mode": ${JSON.stringify(mode)},
        "flash_size": ${JSON.stringify(size)},
        "flash_freq": ${JSON.stringify(frequency)}
    }`,
    `"flash_files" : {${files.join(',')}\n    }`,
    ...sorted.map(
      ({ name, offset, file }) => `${name} : { "offset" : ${offset}, "file" : ${file}, "encrypted" : "false" }`,
    ),
    `"extra_esptool_args" : {
        "after"  : "hard_reset",
        "before" : "default_reset",
        "stub"   : true,
        "chip"   : ${JSON.stringify(chip)}
    }`,
  ];
  return `{\n    ${members.join(',\n    ')}\n}\n`;
}

/** In esptool's words, `keep` and `auto` where nothing is known. */
function esptoolSettings({ chip = 'auto', mode = 'keep', frequency = 'keep', size }: FlashSettings) {
  return { chip, mode, frequency, size: flashSize(size) };
}

const KiB = 1024;
const MiB = 1024 * KiB;

/** esptool knows the powers of two from 256KB to 128MB, and refuses all other sizes. */
function flashSize(bytes: number | undefined): string {
  const known = bytes !== undefined && bytes >= 256 * KiB && bytes <= 128 * MiB && Number.isInteger(Math.log2(bytes));
  if (!known) return 'keep';
  return bytes < MiB ? `${bytes / KiB}KB` : `${bytes / MiB}MB`;
}

const inFlashOrder = (images: readonly FlashImage[]): FlashImage[] => images.toSorted((a, b) => a.offset - b.offset);

const path = (file: string, folder: string): string => relative(folder, file).split(sep).join('/');
