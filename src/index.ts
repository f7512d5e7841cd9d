export type { Diagnostic, Severity } from './core/diagnostic.ts';
