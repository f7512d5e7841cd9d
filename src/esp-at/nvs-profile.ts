import { join } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { NvsProfile } from '../formats/nvs/model.ts';
import { readIfAny, textIn } from './files.ts';

/** The last ESP-IDF whose own generator wrote the older bytes. */
const lastLegacy = { major: 5, minor: 2 };

/** Which bytes the generator of a module's ESP-IDF writes: IDF_VERSION has a line `branch:release/v5.0` or `tag:v5.4.4`. */
export function profileOf(text: string): NvsProfile {
  const [, major, minor] = /^(?:tag|branch):\s*(?:release\/)?v(\d+)\.(\d+)/m.exec(text) ?? [];
  if (major === undefined || minor === undefined) return 'new';
  const isLegacy =
    Number(major) < lastLegacy.major || (Number(major) === lastLegacy.major && Number(minor) <= lastLegacy.minor);
  return isLegacy ? 'legacy' : 'new';
}

/** The profile of a module by its folder; `new` where nothing says the version. */
export function profileOfModule(folder: string | undefined, diagnostics: Diagnostic[]): NvsProfile {
  const bytes = folder === undefined ? undefined : readIfAny(join(folder, 'IDF_VERSION'), diagnostics);
  return bytes === undefined ? 'new' : profileOf(textIn(bytes));
}
