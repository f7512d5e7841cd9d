import { atpki } from './atpki/format.ts';
import type { Format } from './format.ts';
import { nvs } from './nvs/format.ts';
import { raw } from './raw/format.ts';

const registry = { atpki, nvs, raw };

export type FormatName = keyof typeof registry;

/** Every image format, by the name that the config gives it. */
export const formats: Readonly<Record<FormatName, Format>> = registry;
