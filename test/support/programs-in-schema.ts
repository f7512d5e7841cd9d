/** A part of a JSON schema, as far as it is looked at. */
interface Part {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Part>>;
  readonly additionalProperties?: Part | boolean;
  readonly items?: Part;
  readonly then?: Part;
  readonly definitions?: Readonly<Record<string, Part>>;
}

/** The paths of all properties whose value may be a list of words or is called a program; `*` is any name. */
export function programsIn(schema: Part): string[][] {
  const found = new Map<string, string[]>();
  const walk = (given: Part | boolean | undefined, path: string[], within: readonly Part[]): void => {
    if (typeof given !== 'object') return;
    const name = given.$ref?.split('/').at(-1);
    const part = { ...(name === undefined ? {} : schema.definitions?.[name]), ...given };
    if (within.length > 20) throw new Error(`a schema without an end at ${path.join('.')}`);
    const next = [...within, part];
    if (isProgram(part, schema)) found.set(path.join('.'), path);
    for (const [property, inner] of Object.entries(part.properties ?? {})) walk(inner, [...path, property], next);
    walk(part.additionalProperties, [...path, '*'], next);
    walk(part.then, path, next);
    walk(part.items, path, next);
  };
  walk(schema, [], []);
  return [...found.values()];
}

/** Words in a list are a command line, as far as the schema has such lists. */
function isProgram({ title = '', items }: Part, schema: Part): boolean {
  const name = items?.$ref?.split('/').at(-1);
  const item = { ...(name === undefined ? {} : schema.definitions?.[name]), ...items };
  return /\bprogram\b/.test(title) || item.type === 'string';
}
