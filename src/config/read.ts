import { basename, extname } from 'node:path';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import { codeOf } from '../files/path-kind.ts';
import { packageProperty } from './find.ts';
import type { ParsedText } from './parsed-text.ts';
import { type ConfigSource, sourceOf, sourceWithoutPlaces } from './source.ts';
import { withoutQuotedKeys } from './wording.ts';

/** What a config says, not yet checked. Without `content` there is nothing to go on with. */
export interface ReadConfig {
  readonly content?: { readonly value: unknown; readonly source: ConfigSource };
  readonly diagnostics: readonly Diagnostic[];
  /** Where a mistake in the writing leaves open what was meant: nothing more is to be said about that. */
  readonly misread?: readonly Place[];
}

/** Reads a config by the ending of its name. What cannot be read, parsed or run is a diagnostic. */
export async function readConfig(file: string, allowPrograms: boolean): Promise<ReadConfig> {
  let read: ReadConfig | undefined;
  const explorer = new (loadExplorer())({
    moduleName: packageProperty,
    searchPlaces: [],
    loaders: {
      default: async (_, text) => {
        read = await readAs(file, text, allowPrograms);
        // What cosmiconfig would make of it ("$import", keys of a package.json) is not wanted.
        return { [packageProperty]: true };
      },
    },
    transform: (result) => result,
    cache: false,
  });
  try {
    await explorer.load(file);
  } catch (error) {
    return unread(file, whyUnreadable(error));
  }
  return read ?? { diagnostics: [emptyConfig(file)] };
}

/**
 * cosmiconfig finds the loader for a file; ours keep the text and its tree, for positions. Its public entry is not used:
 * before anything else that one looks for settings of its own in the process's folder, where it runs a
 * `.config/config.js` and fails at a broken package.json, and takes 5 ms for that. Nor import(): that would start Node's
 * loader of ES modules for a package that is none, for another 5 ms.
 */
function loadExplorer(): typeof import('cosmiconfig/dist/Explorer.js')['Explorer'] {
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(import.meta.url)('cosmiconfig/dist/Explorer.js').Explorer;
}

const endings: Readonly<Record<string, 'json' | 'jsonc' | 'yaml' | 'rc' | 'program'>> = {
  '.json': 'json',
  '.jsonc': 'jsonc',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '': 'rc',
  '.js': 'program',
  '.mjs': 'program',
  '.cjs': 'program',
  '.ts': 'program',
};

async function readAs(file: string, text: string, allowPrograms: boolean): Promise<ReadConfig> {
  const ending = extname(file);
  const kind = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  if (kind === undefined) {
    return unread(file, `a config ends in .json, .jsonc, .yaml, .js, .mjs, .cjs or .ts, not in ${ending}`);
  }
  if (kind === 'program') return allowPrograms ? runProgram(file) : { diagnostics: [refused(file)] };
  if (text.includes('\0')) return unread(file, ...noUtf8(text));
  // JSON is written with comments, too, where no ending says which it is.
  const isYaml = kind === 'yaml' || (kind === 'rc' && !/^\s*(?:\{|\/[/*])/.test(text));
  const parsed = isYaml
    ? (await import('./yaml.ts')).parseYaml(file, text)
    : (await import('./json.ts')).parseJson(file, text, { comments: kind !== 'json' });
  const diagnostics = parsed.diagnostics.map(withoutQuotedKeys);
  const take = basename(file) === 'package.json' ? inPackage : ofText;
  return take(file, text, { ...parsed, diagnostics });
}

function refused(file: string): Diagnostic {
  const message = 'the config is a program, which is not run because of --no-exec';
  const hint = 'write it as .json, .jsonc or .yaml, or leave out --no-exec where it is trusted';
  return diagnostic('exec-refused', message, { place: { file }, hint });
}

/** The text was decoded as UTF-8: what is left of UTF-16 is a NUL beside each character of ASCII. */
const noUtf8 = (text: string): readonly [string, string] =>
  /^(?:\ufffd\ufffd|.\0|\0.)/su.test(text)
    ? ['the config is UTF-16 text', 'save it as UTF-8']
    : ['the config is not a text: it holds NUL characters', 'save it as UTF-8'];

function ofText(file: string, text: string, { content, ...rest }: ParsedText): ReadConfig {
  return content ? { ...rest, content: { value: content.value, source: sourceOf(file, text, content.tree) } } : rest;
}

function inPackage(file: string, text: string, { content, ...rest }: ParsedText): ReadConfig {
  if (!content) return rest;
  const { value, tree } = content;
  if (!Object.hasOwn(Object(value), packageProperty)) {
    const hint = 'a package.json has the config under that name';
    const missing = diagnostic('config-missing', `there is no "${packageProperty}" in it`, { place: { file }, hint });
    return { ...rest, diagnostics: [...rest.diagnostics, missing] };
  }
  const source = sourceOf(file, text, {
    locate: (path, what) => tree.locate([packageProperty, ...path], what),
  });
  return { ...rest, content: { value: Reflect.get(Object(value), packageProperty), source } };
}

async function runProgram(file: string): Promise<ReadConfig> {
  const { runConfig } = await import('./program.ts');
  const result = await runConfig(file);
  if (!result.ok) return { diagnostics: [result.error] };
  return { content: { value: result.value, source: sourceWithoutPlaces(file) }, diagnostics: [] };
}

function unread(file: string, message: string, hint?: string): ReadConfig {
  return { diagnostics: [diagnostic('config-unreadable', message, { place: { file }, hint })] };
}

function emptyConfig(file: string): Diagnostic {
  const hint = 'a config lists "partitions"; pki.config.example.json shows one';
  return diagnostic('config-missing', 'the config is empty', { place: { file }, hint });
}

function whyUnreadable(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such config';
  if (code === 'EISDIR') return 'the config is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'the config cannot be read: permission denied';
  if (code === 'ELOOP') return 'the config is a symbolic link that leads back to itself';
  return `the config cannot be read (${code})`;
}
