import { atpki } from './atpki.ts';
import type { Format } from './format.ts';
import { raw } from './raw.ts';

/** Every image format, by the name that the config gives it. */
export const formats = { atpki, raw } as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
