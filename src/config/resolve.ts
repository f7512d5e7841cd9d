import type { Resolved } from '../plan/project.ts';
export const resolveConfig = (_: object, _o: object): Resolved => ({ diagnostics: [] });
