import { codesOf } from '../code.ts';

/** The config file. */
export const configCodes = codesOf({
  'config-ignored': {
    severity: 'warning',
    summary: 'A folder holds several configs; the message says which one is used.',
    explain: async () => ({
      meaning: 'Only one config of a folder is read; the others have no effect.',
      cause: 'A config was converted, from JSON to YAML for example, and the old one stayed.',
      remedy: 'Delete all but one, or choose: `at-pki build --config pki.config.yaml`.',
      source: 'README, "With a config".',
    }),
  },
  'config-unreadable': {
    severity: 'error',
    blame: 'usage',
    summary: 'The config cannot be read or run.',
    explain: async () => ({
      meaning: 'Nothing was built: the config file is missing or unreadable, or its JavaScript threw an error.',
      cause: 'A wrong --config, missing permissions, or a package that a JavaScript config imports is not installed.',
      remedy: 'Check the path. Run a JavaScript config on its own to see the whole error: node pki.config.mjs.',
      source: 'README, "With a config".',
    }),
  },
  'config-syntax': {
    severity: 'error',
    blame: 'usage',
    summary: 'The config is not valid JSON or YAML.',
    explain: async () => ({
      meaning: 'Nothing was built: the text is not valid at the line and column given.',
      cause: 'A missing or trailing comma, a missing quote, a tab in YAML, or an unresolved merge conflict.',
      remedy:
        'Fix the line. Comments and trailing commas are for .jsonc; an editor marks mistakes if the file has `"$schema"`.',
      source: 'RFC 8259 (JSON), YAML 1.2.2.',
    }),
  },
  'config-property': {
    severity: 'error',
    blame: 'usage',
    summary: 'The config has a property that does not exist, or one twice.',
    explain: async () => ({
      meaning: 'Nothing was built: a property that is ignored silently could leave a partition out.',
      cause:
        'A typo, a property in the wrong object, or one that a newer at-pki has. Of a duplicate, JSON readers keep only the last.',
      remedy: 'Take the name from the schema; the hint names the nearest. Remove the duplicate.',
      source: 'schema/pki.config.schema.json; RFC 8259, section 4.',
    }),
  },
  'config-value': {
    severity: 'error',
    blame: 'usage',
    summary: 'A value in the config is not what its property takes.',
    explain: async () => ({
      meaning: 'Nothing was built: a value has the wrong type or is out of range.',
      cause: 'A number where a text belongs, a size without a unit, or a hexadecimal number without quotes.',
      remedy: 'Write sizes and offsets as numbers of bytes or as text: `"size": "8K"`, `"offset": "0x2e000"`.',
      source: 'schema/pki.config.schema.json.',
    }),
  },
  'config-missing': {
    severity: 'error',
    blame: 'usage',
    summary: 'The config lacks a property that is required.',
    explain: async () => ({
      meaning: 'Nothing was built: without this property the image has no size, no place or no content.',
      cause:
        'Neither the config nor a partition table says it. Sizes come from the table only if the config names one.',
      remedy:
        'Add the property, or name a table that has it: `"partitionTable": "at_customize.csv"` or `"module": "esp32_default"`.',
      source: 'schema/pki.config.schema.json, "required".',
    }),
  },
  'config-conflict': {
    severity: 'error',
    blame: 'usage',
    summary: 'The config contradicts the partition table.',
    explain: async () => ({
      meaning:
        'Nothing was built: the firmware goes by its table, and an image made by the config would be somewhere else.',
      cause:
        'The firmware was updated and its table moved a partition, or the config names the table of another module.',
      remedy: 'Remove `"offset"` and `"size"` from the config and let the table give them, or name the right table.',
      source: 'README, "With a config".',
    }),
  },
});
