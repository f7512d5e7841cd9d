import { type Diagnostic, diagnostic, type Place } from '../core/diagnostics/diagnostic.ts';
import type { Tree } from './source.ts';

/** A parsed text: its value, its tree, and what is wrong with it. Without `content` there is nothing to go on with. */
export interface ParsedText {
  readonly content?: { readonly value: unknown; readonly tree: Tree };
  readonly diagnostics: readonly Diagnostic[];
  /** What was not understood. */
  readonly misread: readonly Place[];
}

/** Far more than a config needs. What recurses must not come to the end of the stack. */
export const deepest = 100;

/** From a place on to the end of its line. */
export const restOfLine = (place: Place): Place => ({ ...place, length: Number.POSITIVE_INFINITY });

export function secondProperty(name: string, place: Place): Diagnostic {
  const hint = 'only the last one would count: remove or rename one of them';
  return diagnostic('config-property', `there is a second property "${name}"`, { place, hint });
}
