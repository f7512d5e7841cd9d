import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { withoutPem } from '../core/secret.ts';
import { deepest } from './parsed-text.ts';

/** Runs a config that is a program and gives what it exports now: an object, or what a function makes. */
export async function runConfig(file: string): Promise<Result<unknown, Diagnostic>> {
  try {
    const module = file.endsWith('.ts') ? await importTypeScript(file) : ok(await importFresh(file));
    if (!module.ok) return module;
    const exported = defaultOf(module.value);
    return ok(settled(await (typeof exported === 'function' ? exported() : exported), []));
  } catch (error) {
    const [text, place] = whatStopped(file, error);
    const [message, ...lines] = text.split(/\r?\n/);
    return fail(
      diagnostic('config-unreadable', `the config stopped with an error: ${message}`, {
        place,
        lines: lines.length > 0 ? lines : undefined,
      }),
    );
  }
}

let runs = 0;

/**
 * Node keeps every module that it has loaded, and in watch mode the config changes: CommonJS forgets the file with what
 * it requires, and each run of an ES module gets a URL of its own. What that one imports stays as it was first loaded.
 */
async function importFresh(file: string): Promise<unknown> {
  const real = realpathSync(file);
  if (isCommonJs(real)) {
    const require = createRequire(real);
    forget(require.cache, real);
    // Not by import(): that looks into files for re-exports before it runs them, and the second time takes those that
    // it has looked into for modules that require each other, and gives them empty.
    return { default: require(real) };
  }
  const url = pathToFileURL(real);
  url.searchParams.set('run', String(++runs));
  return import(url.href);
}

/** A config exports something, and what ES modules do that with is no syntax of CommonJS. */
function isCommonJs(file: string): boolean {
  if (!file.endsWith('.js')) return file.endsWith('.cjs');
  try {
    compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require', '__filename', '__dirname']);
    return true;
  } catch {
    return false;
  }
}

function forget(cache: NodeJS.Dict<NodeJS.Module>, file: string): void {
  const module = cache[file];
  if (module === undefined || file.includes(`${sep}node_modules${sep}`)) return;
  Reflect.deleteProperty(cache, file);
  for (const child of module.children) forget(cache, child.filename);
}

/** By Node itself where it can (22.18 and later), else by jiti if that is installed beside the config. */
async function importTypeScript(file: string): Promise<Result<unknown, Diagnostic>> {
  if ('typescript' in process.features && process.features.typescript) return ok(await importFresh(file));
  const refused = (message: string) => {
    const hint = 'use Node 22.18 or later, or npm install --save-dev jiti, or write the config as .mjs or .json';
    return fail(diagnostic('config-unreadable', message, { place: { file }, hint }));
  };
  let jiti: string;
  try {
    jiti = createRequire(file).resolve('jiti');
  } catch {
    return refused(`Node ${process.versions.node} does not run TypeScript`);
  }
  const { createJiti } = await import(pathToFileURL(jiti).href);
  if (typeof createJiti !== 'function') return refused('the jiti that is installed is older than 2');
  // Its cache on disk would be in the config's folder, which is not ours to write into.
  const run = createJiti(file, { fsCache: false, moduleCache: false });
  return ok({ default: await run.import(file, { default: true }) });
}

/** CommonJS that was compiled from `export default` has it one level further down. */
function defaultOf(module: unknown): unknown {
  const exported: unknown = Reflect.get(Object(module), 'default');
  const isCompiled = typeof exported === 'object' && exported !== null && Reflect.get(exported, '__esModule') === true;
  return isCompiled ? Reflect.get(exported, 'default') : exported;
}

/** A copy that holds still: getters run here, where what they throw is caught. */
function settled(value: unknown, within: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (within.includes(value)) throw new Error('an object of the config stands within itself');
  if (within.length === deepest) throw new Error(`objects are nested more than ${deepest} deep`);
  const inner = [...within, value];
  if (Array.isArray(value)) return Array.from(value, (item) => settled(item, inner));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, settled(item, inner)]));
}

/** Programs may throw anything, also what cannot be looked at. */
function whatStopped(file: string, error: unknown): [message: string, place: Place] {
  try {
    if (!(error instanceof Error)) return [withoutPem(String(error)), { file }];
    return [withoutPem(error.message), placeIn(file, error.stack ?? '')];
  } catch {
    return ['what it threw has no message', { file }];
  }
}

/** Where in the config an error was thrown: the first line of its stack that names the file, as a path or as a URL. */
function placeIn(file: string, stack: string): Place {
  const real = realpathSync(file);
  for (const name of [pathToFileURL(real).href, real, pathToFileURL(file).href, file]) {
    const at = stack.indexOf(name);
    const [, line, column] = (at >= 0 && /^(?:\?run=\d+)?:(\d+)(?::(\d+))?/.exec(stack.slice(at + name.length))) || [];
    if (line !== undefined)
      return { file, line: Number(line), column: column === undefined ? undefined : Number(column) };
  }
  return { file };
}
