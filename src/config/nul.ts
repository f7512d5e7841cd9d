import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { ConfigSource, Path } from './source.ts';
import { subject } from './wording.ts';

/**
 * The texts of a config that hold a NUL. To the system a NUL is the end of a text, and Node throws at one in a path, an
 * argument or a variable: none of them goes further than this. Only a value of an NVS image may hold any byte.
 */
export function nulsIn(config: unknown, source: ConfigSource): Diagnostic[] {
  const found: Diagnostic[] = [];
  const complain = (path: Path, what: 'key' | 'value'): void => {
    const place = source.place(path, what);
    const name = what === 'key' && place.line !== undefined ? 'this name' : subject(path, place);
    const hint = 'remove it, in JSON \\u0000: paths, programs and names end at one';
    found.push(diagnostic('config-value', `${name} holds a NUL character`, { place, hint }));
  };
  const look = (value: unknown, path: Path): void => {
    if (typeof value === 'string' && value.includes('\0') && !isContent(path)) complain(path, 'value');
    if (typeof value !== 'object' || value === null) return;
    for (const [step, inner] of Object.entries(value)) {
      const below = [...path, Array.isArray(value) ? Number(step) : step];
      if (step.includes('\0')) complain(below, 'key');
      look(inner, below);
    }
  };
  look(config, []);
  return found;
}

/** `partitions.mfg_nvs.namespaces.my.values.key.value`, and a factory parameter. */
const isContent = ([, , namespaces, namespace, step, , value]: Path): boolean =>
  namespaces === 'namespaces' &&
  ((step === 'values' && value === 'value') ||
    (namespace === 'factory_param' && step !== 'module' && step !== 'platform'));
