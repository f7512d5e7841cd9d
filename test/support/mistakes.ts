import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { type Cleanup, scratch } from './scratch.ts';

/** `line:column code message → hint` of every mistake in a config. */
export async function mistakes(t: Cleanup, text: string, name = 'pki.config.json'): Promise<string[]> {
  const file = join(scratch(t), name);
  writeFileSync(file, text);
  const { diagnostics } = await loadConfig(file);
  return diagnostics.map(({ code, message, hint, place }) => {
    const where = place?.line === undefined ? '-' : `${place.line}:${place.column}+${place.length}`;
    return `${where} ${code}: ${message}${hint ? ` → ${hint}` : ''}`;
  });
}
