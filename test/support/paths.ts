import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of package.json: compiled tests stand in .out/test/support. */
export const packageRoot = resolve(import.meta.dirname, '../../..');

export const fixtures = join(packageRoot, 'test/fixtures');

/** Checkouts of esp-at and reference results, present only beside some working copies. Tests over them skip without. */
export const shared = resolve(packageRoot, '../shared');
export const withoutShared = existsSync(shared) ? false : 'no reference material here';
