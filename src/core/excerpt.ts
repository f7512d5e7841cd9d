import type { Place } from './diagnostic.ts';
export const excerpt = (_place: Place): string[] => [];
