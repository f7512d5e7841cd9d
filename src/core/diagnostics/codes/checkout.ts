import { codesOf } from '../code.ts';

/** An esp-at checkout. */
export const checkoutCodes = codesOf({
  'module-unknown': {
    severity: 'error',
    blame: 'usage',
    summary: 'The module asked for is not in this checkout.',
    explain: async () => ({
      meaning: 'Nothing was built: without the module there is no partition table.',
      cause: 'A typo, or a module that this release does not have; names changed between releases.',
      remedy: 'The message lists the modules of the checkout; choose one: `at-pki build --module esp32_default`.',
      source: 'esp-at, module_config/.',
    }),
  },
  'module-ambiguous': {
    severity: 'error',
    blame: 'usage',
    summary: 'The checkout holds several modules and nothing says which one is meant.',
    explain: async () => ({
      meaning: 'Nothing was built: each module has a partition table of its own.',
      cause: 'The checkout is as it was cloned: build.py has not been run, and there is no build/module_info.json.',
      remedy:
        'Name the module: `at-pki build --module esp32c3_default`, or `"module": "esp32c3_default"` in the config.',
      source: 'esp-at, build.py and module_config/.',
    }),
  },
  'checkout-file': {
    severity: 'error',
    blame: 'usage',
    summary: 'A file of the checkout is missing, unreadable or malformed.',
    explain: async () => ({
      meaning:
        'Nothing was built: at-pki reads the files that the build of esp-at reads, and one of them does not work.',
      cause: 'A sparse or broken checkout, or a table or dependency file that was edited by hand.',
      remedy: 'Restore the file: git checkout -- FILE. For a table of your own use `at-pki build --table my.csv`.',
      source: 'esp-at, components/customized_partitions/ and module_config/.',
    }),
  },
  'checkout-unconfigured': {
    severity: 'info',
    summary: 'The checkout has no sdkconfig: the existing folders decide what is built.',
    explain: async () => ({
      meaning: 'All sets with a folder are built, also those that a configuration of the firmware may leave out.',
      cause: 'build.py has not been run in this checkout.',
      remedy: 'Run ./build.py menuconfig once if the firmware is built here; otherwise ignore this note.',
      source: 'esp-at, components/customized_partitions/generation_tools/at_customized_config_dependency.txt.',
    }),
  },
  'factory-missing': {
    severity: 'warning',
    summary: 'The checkout has no factory parameters, so the image has none.',
    explain: async () => ({
      meaning:
        'mfg_nvs is built without the namespace factory_param: the firmware has no pins, no baud rate and no transmit power of the module.',
      cause: 'factory_param_data.csv or factory_param_type.csv is missing, or has no row for the module.',
      remedy:
        'Restore the CSV files, or give the row in the config: `"factoryParam": { "module": "MINI-1" }` in the namespaces.',
      source: 'esp-at, components/customized_partitions/raw_data/factory_param/.',
    }),
  },
  'factory-guess': {
    severity: 'warning',
    summary: 'The hardware is not named; the factory parameters are those of the likeliest module.',
    explain: async () => ({
      meaning: 'UART pins and transmit power come from a row that may not be that of your board.',
      cause: 'The checkout was not configured by build.py, and several rows of factory_param_data.csv fit.',
      remedy:
        'Name the hardware: `at-pki build --module MINI-1`, or `"factoryParam": { "module": "MINI-1" }` in the config.',
      source: 'esp-at, factory_param_data.csv, columns platform and module_name.',
    }),
  },
  'checkout-conflict': {
    severity: 'warning',
    summary: 'Two files of the checkout disagree; the message says which one was followed.',
    explain: async () => ({
      meaning: 'The images follow one of the two files. If the firmware was built by the other, it does not find them.',
      cause: 'sdkconfig is older than the module, or an option is set for a partition that the table lacks.',
      remedy:
        'Configure the checkout again (./build.py reconfigure), or name table and module: `at-pki build --module esp32_default --table at_customize.csv`.',
      source: 'esp-at, components/customized_partitions/CMakeLists.txt.',
    }),
  },
});
