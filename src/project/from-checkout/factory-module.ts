import { join } from 'node:path';
import { diagnostic } from '../../core/diagnostics/diagnostic.ts';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { joined } from '../../core/text.ts';
import { factoryNamespace } from '../../firmware/slots.ts';
import { type FactoryModule, readFactoryModules } from '../factory-param.ts';
import { folderOf, type Module, moduleNames, readModuleInfo } from './modules.ts';

export interface FactoryModuleRequest {
  readonly root: string;
  readonly rawData: string;
  readonly module?: Module;
  /** What the user named with --module. */
  readonly asked?: string;
}

/**
 * The row of factory_param_data.csv for the hardware at hand: the one that the user named, else the one that the
 * checkout is configured for. Failing both it is the first one that the module's folder serves, with a warning: wrong
 * UART pins would silence the AT port.
 */
export function chooseFactoryModule(request: FactoryModuleRequest, problems: Problems): FactoryModule | undefined {
  const { root, rawData, module, asked } = request;
  const names = moduleNames(root);
  const rows = readFactoryModules(rawData, problems);
  const served = module === undefined ? rows : rows.filter((row) => folderOf(row, names) === module.name);
  const named = asked && served.find(({ name }) => name === asked.toUpperCase());
  if (named) return named;
  const info = readModuleInfo(root);
  const configured =
    info &&
    served.find(({ platform, name }) => platform === info.platform.toUpperCase() && name === info.name.toUpperCase());
  if (configured) return configured;

  const [first, ...others] = served;
  const place = { file: join(rawData, factoryNamespace, 'factory_param_data.csv') };
  if (first === undefined) {
    const message = `factory_param_data.csv has no module that ${module?.name ?? 'this checkout'} serves`;
    const hint = 'add a row for the hardware, or name another module with --module';
    problems.add(diagnostic('checkout-file', message, { place, hint }));
  } else if (others.length > 0) {
    const choices = joined(served.map(({ name }) => name));
    const message = `the factory parameters are those of ${first.name}: ${pinsOf(first)}`;
    const hint = `if the board is another, name it with --module: wrong pins silence the AT port (${choices})`;
    problems.add(diagnostic('factory-guess', message, { place, hint }));
  }
  return first;
}

function pinsOf(module: FactoryModule): string {
  const pins = ['tx', 'rx', 'cts', 'rts'].map(
    (pin) => `${pin.toUpperCase()} ${module.parameter(`uart_${pin}_pin`) ?? '?'}`,
  );
  return `AT port ${pins.join(', ')}`;
}
