import type { Reporter } from './reporter.ts';

/** Every reporter, by the name that --reporter gives it. Only the one that prints is loaded. */
export const reporters: Record<string, () => Promise<Reporter>> = {
  pretty: async () => (await import('./pretty-document.ts')).prettyDocument,
  json: async () => (await import('./json.ts')).json,
  github: async () => (await import('./github.ts')).github,
  sarif: async () => (await import('./sarif.ts')).sarif,
};

/** Loads a reporter by a name that is in the list. */
export async function loadReporter(name: string): Promise<Reporter> {
  const load = reporters[name];
  if (load === undefined) throw new TypeError(`there is no reporter ${name}`);
  return load();
}
