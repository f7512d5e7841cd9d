import type { ErrorObject } from 'ajv';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { didYouMean } from '../core/text.ts';
import type { ConfigSource, Path } from './source.ts';
import { brief, shown, subject } from './wording.ts';

/** Turns a validator's errors into diagnostics, each at its place in the config. */
export const explainErrors = (errors: readonly ErrorObject[], value: unknown, source: ConfigSource): Diagnostic[] =>
  // What an "if" leads to is said by itself.
  errors.filter(({ keyword }) => keyword !== 'if').map((error) => explain(error, value, source));

function explain(error: ErrorObject, whole: unknown, source: ConfigSource): Diagnostic {
  const path = pathOf(error.instancePath, whole);
  const found = at(whole, path);
  const place = source.place(path);
  const name = subject(path, place);
  const wrong = (message: string, hint?: string) => diagnostic('config-value', message, { place, hint });
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownProperty(String(error.params.additionalProperty), path, error, source);
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).map(String);
      const hint = typeof found === 'string' ? didYouMean(found, allowed) : undefined;
      return wrong(`${name} is one of ${allowed.join(', ')}, not ${shown(found)}`, hint);
    }
    case 'type':
    case 'pattern':
    case 'minimum': {
      const { title, examples } = partOf(error);
      // A program in one text has its arguments, which may be secrets, in it.
      const value = path.includes('exec') ? name : shown(found);
      if (title !== undefined && path.length > 0) return wrong(`${value} is not ${title}`, writtenAs(examples));
      if (error.keyword === 'type') return wrong(`${name} is ${wordsFor(error.params.type)}, not ${shown(found)}`);
      if (error.keyword === 'minimum') return wrong(`${name} is at least ${error.params.limit}, not ${shown(found)}`);
      return wrong(`${name} is empty`);
    }
    case 'required': {
      const message = `${name} has no "${error.params.missingProperty}"`;
      return diagnostic('config-missing', message, { place: source.place(path, 'key') });
    }
    case 'minItems':
      if (path.at(-1) === 'exec') return wrong(`${name} is an empty list`, 'name a program and its arguments');
      return wrong(`${name} is an empty list`, 'name a file, or leave it out for the folder of that name');
    case 'false schema':
      return wrong(`${name} does not go with what else this source says`, ofSources);
    case 'minProperties':
      if (path.includes('files')) return wrong(`${name} is empty`, ofSources);
      return wrong(`${name} is empty`, 'name a partition, or leave it out to build those of the esp-at checkout');
    default:
      return wrong(`${name} ${error.message ?? 'is not valid'}`);
  }
}

const ofSources = 'a source has one of "exec" (with or without "timeout"), "env" and "file" (with or without "checks")';

function unknownProperty(property: string, path: Path, error: ErrorObject, source: ConfigSource): Diagnostic {
  const place = source.place([...path, property], 'key');
  const known = Object.keys(partOf(error).properties);
  const message = `there is no property "${brief(property)}"${place.line === undefined ? ` in ${subject(path, place)}` : ''}`;
  const hint = didYouMean(property, known) ?? `there are ${known.filter((name) => !name.startsWith('$')).join(', ')}`;
  return diagnostic('config-property', message, { place, hint });
}

interface Part {
  /** What its values are called in a message: `a size`. */
  readonly title?: string;
  readonly examples: readonly unknown[];
  readonly properties: object;
}

/** The part of the schema that was broken. */
function partOf({ parentSchema = {} }: ErrorObject): Part {
  const { title, examples, properties } = parentSchema;
  return {
    title: typeof title === 'string' ? title : undefined,
    examples: Array.isArray(examples) ? examples : [],
    properties: typeof properties === 'object' && properties !== null ? properties : {},
  };
}

/** `write 8192, "0x2000", "8K" or "1M"`. */
function writtenAs(examples: readonly unknown[]): string | undefined {
  const texts = examples.map((example) => JSON.stringify(example));
  const last = texts.pop();
  if (last === undefined) return undefined;
  return `write ${texts.length > 0 ? `${texts.join(', ')} or ` : ''}${last}`;
}

/** From a JSON pointer (RFC 6901); a step into a list is a number. */
function pathOf(pointer: string, whole: unknown): Path {
  const path: (string | number)[] = [];
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(at(whole, path)) ? Number(name) : name);
  }
  return path;
}

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}

/** `string,array` → `a text or a list`. */
function wordsFor(types: unknown): string {
  const words: Record<string, string> = {
    string: 'a text',
    array: 'a list',
    object: 'an object { … }',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  const alternatives = String(types)
    .split(',')
    .map((type) => words[type] ?? type);
  const last = alternatives.pop() ?? '';
  return alternatives.length > 0 ? `${alternatives.join(', ')} or ${last}` : last;
}
