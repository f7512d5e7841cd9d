import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';

/** A place in a config, from its top: names of properties, and 0 for the entry of a list. */
export type ConfigPlace = readonly (string | number)[];

/** Stands for a name that the user makes up: of a partition, a namespace, a key. */
export const anyName = '*';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema: Schema = JSON.parse(readFileSync(join(packageRoot, 'schema/pki.config.schema.json'), 'utf8'));

/** Every place of a config that its schema names, each once. */
export function schemaPlaces(): ConfigPlace[] {
  const places = new Map<string, ConfigPlace>();
  visit(schema, [], places);
  return [...places.values()];
}

function visit(node: Schema, place: ConfigPlace, places: Map<string, ConfigPlace>): void {
  if (place.length > 9) return;
  if (place.length > 0) places.set(JSON.stringify(place), place);
  const { $ref, properties = {}, additionalProperties, items, oneOf = [], anyOf = [], allOf = [] } = node;
  const named = $ref === undefined ? undefined : schema.definitions?.[$ref.replace('#/definitions/', '')];
  for (const part of [...(named ? [named] : []), ...oneOf, ...anyOf, ...allOf]) visit(part, place, places);
  for (const [name, part] of Object.entries(properties)) visit(part, [...place, name], places);
  if (typeof additionalProperties === 'object') visit(additionalProperties, [...place, anyName], places);
  if (items) visit(items, [...place, 0], places);
}

/** A config with a value at a place, and made-up names on the way there. */
export function configWith(place: ConfigPlace, value: unknown, names = ['client_ca', 'a_name', 'b_name']): unknown {
  const [step, ...rest] = place;
  if (step === undefined) return value;
  if (step === 0) return [configWith(rest, value, names)];
  if (step !== anyName) return { [step]: configWith(rest, value, names) };
  const [name = 'c_name', ...others] = names;
  return { [name]: configWith(rest, value, others) };
}
