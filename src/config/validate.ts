import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { PortName } from '../core/port-name.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { portIn } from './beyond-flash.ts';
import { beyondSchema } from './beyond-schema.ts';
import type { Config } from './generated/config.ts';
import type { ConfigSource } from './source.ts';
import { withoutQuotedKeys } from './wording.ts';

/** A config that passed, and the port that it names. */
export interface ValidConfig {
  readonly value: Config;
  readonly port?: PortName;
}

/** Checks a parsed config against the schema and beyond it, and explains all that is wrong with it. */
export async function validateConfig(value: unknown, source: ConfigSource): Promise<Result<ValidConfig, Diagnostic[]>> {
  const { validate } = await import('./generated/validator.ts');
  const accepted = validate(value);
  const port = portIn(value);
  const beyond = beyondSchema(value, port, source);
  if (accepted && beyond.length === 0) return ok({ value: value as Config, port: port?.ok ? port.value : undefined });
  // The schema's texts are needed only now.
  const { explainErrors } = await import('./explain.ts');
  return fail([...explainErrors(validate.errors ?? [], value, source), ...beyond].map(withoutQuotedKeys));
}
