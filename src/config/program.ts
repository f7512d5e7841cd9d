import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** Runs a config that is a program and gives what it exports: an object, or a function that makes one. */
export async function runConfig(file: string): Promise<Result<unknown, Diagnostic>> {
  try {
    const exported = file.endsWith('.ts') ? await importTypeScript(file) : ok(await importDefault(file));
    if (!exported.ok) return exported;
    const { value } = exported;
    return ok(typeof value === 'function' ? await value() : value);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = lineIn(file, error);
    const place = line === undefined ? { file } : { file, ...line };
    return fail(diagnostic('config-unreadable', `the config stopped with an error: ${message}`, { place }));
  }
}

async function importDefault(file: string): Promise<unknown> {
  const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
  return module.default;
}

/** By Node itself where it can (22.18 and later), else by jiti if that is installed beside the config. */
async function importTypeScript(file: string): Promise<Result<unknown, Diagnostic>> {
  if ('typescript' in process.features && process.features.typescript) return ok(await importDefault(file));
  let jiti: string;
  try {
    jiti = createRequire(file).resolve('jiti');
  } catch {
    const message = `Node ${process.versions.node} does not run TypeScript`;
    const hint = 'use Node 22.18 or later, or npm install --save-dev jiti, or write the config as .mjs or .json';
    return fail(diagnostic('config-unreadable', message, { place: { file }, hint }));
  }
  const { createJiti } = await import(pathToFileURL(jiti).href);
  return ok(await createJiti(file).import(file, { default: true }));
}

/** Where in the config an error was thrown, by its stack. */
function lineIn(file: string, error: unknown): { line: number; column: number } | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const numbers = at < 0 ? null : /^:(\d+):(\d+)/.exec(stack.slice(at + name.length));
    if (numbers) return { line: Number(numbers[1]), column: Number(numbers[2]) };
  }
  return undefined;
}
