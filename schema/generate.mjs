// Makes the validator and the types of the config from its schema: `node schema/generate.mjs` writes them to
// src/config/generated, which git ignores. The same schema gives the same files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { compile } from 'json-schema-to-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const banner = '// Made from schema/pki.config.schema.json by schema/generate.mjs: change that instead.\n';

export const readSchema = () => JSON.parse(readFileSync(join(here, 'pki.config.schema.json'), 'utf8'));

// The schema keeps to keywords whose generated code needs nothing of ajv at run time (so no minLength).
// `verbose` puts the part of the schema that was broken into each error: messages are made of its texts.
export const ajvOptions = { allErrors: true, allowUnionTypes: true, verbose: true };

/** The generated files by name. */
export async function generate(schema = readSchema()) {
  const ajv = new Ajv({ inlineRefs: false, ...ajvOptions, code: { source: true, esm: true, lines: true } });
  const validator = standalone.default(ajv, ajv.compile(schema));
  const types = await compile(named(schema), 'Config', {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
  });
  return {
    'validator.ts': `${banner}// @ts-nocheck: plain JavaScript, with a type for its one export.\nimport type { ValidateFunction } from 'ajv';\n${validator.replace(/^export (default .*|const validate = )/gm, (line) => (line.startsWith('export default') ? '' : 'export const validate: ValidateFunction = '))}`,
    'config.ts': `${banner}${types}`,
  };
}

/** Types are named after titles, which editors would show in place of what the user wrote. */
function named(schema) {
  const copy = structuredClone(schema);
  deleteTitles(copy);
  copy.title = 'Config';
  copy.definitions.partition.title = 'PartitionConfig';
  copy.definitions.flash.title = 'FlashConfig';
  copy.definitions.namespace.title = 'NamespaceConfig';
  copy.definitions.value.title = 'ValueConfig';
  copy.definitions.factoryParam.title = 'FactoryParamConfig';
  copy.definitions.bleData.title = 'BleDataConfig';
  copy.definitions.normalize.title = 'NormalizeConfig';
  copy.definitions.otherSource.title = 'OtherSource';
  // The types' generator passes over if and then.
  const [text, other] = [{ type: 'string' }, { $ref: '#/definitions/otherSource' }];
  copy.definitions.source = { title: 'SourceConfig', anyOf: [text, other] };
  copy.definitions.files = {
    title: 'FilesConfig',
    anyOf: [text, other, { type: 'array', items: copy.definitions.source }],
  };
  return copy;
}

function deleteTitles(part) {
  if (typeof part !== 'object' || part === null) return;
  if (typeof part.title === 'string') delete part.title;
  for (const inner of Object.values(part)) deleteTitles(inner);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(here, '../src/config/generated');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(await generate())) writeFileSync(join(folder, name), text);
}
