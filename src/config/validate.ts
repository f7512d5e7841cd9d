import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { beyondSchema } from './beyond-schema.ts';
import type { Config } from './generated/config.ts';
import type { ConfigSource } from './source.ts';
import { withoutQuotedKeys } from './wording.ts';

/** Checks a parsed config against the schema and beyond it, and explains all that is wrong with it. */
export async function validateConfig(value: unknown, source: ConfigSource): Promise<Result<Config, Diagnostic[]>> {
  const { validate } = await import('./generated/validator.ts');
  const accepted = validate(value);
  const beyond = beyondSchema(value, source);
  if (accepted && beyond.length === 0) return ok(value as Config);
  // The schema's texts are needed only now.
  const { explainErrors } = await import('./explain.ts');
  return fail([...explainErrors(validate.errors ?? [], value, source), ...beyond].map(withoutQuotedKeys));
}
