import type { Diagnostic } from '../core/diagnostic.ts';
export const findConfigFile = (_cwd: string): string | undefined => undefined;
export const loadConfig = async (_: {
  cwd: string;
  explicit: string;
}): Promise<{ config?: object; diagnostics: Diagnostic[] }> => ({ diagnostics: [] });
