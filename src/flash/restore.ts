import { join } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostic.ts';
import { indexFile } from './backup.ts';
import type { ChipFacts } from './device.ts';
import type { PlannedImage } from './images.ts';
import type { Backup } from './read-backup.ts';

/** What a backup puts back: checked, compared and written as any image is. */
export const imagesOf = ({ runs }: Backup): PlannedImage[] =>
  runs.map(({ partition, offset, bytes }) => ({ name: partition, offset, size: bytes.length, bytes }));

/** Whether it is the board that the backup is of. With `force` another one will do, and that is said. */
export function checkBoard(
  { folder, chip, mac }: Backup,
  board: Pick<ChipFacts, 'chip' | 'mac'>,
  force: boolean,
): Diagnostic[] {
  if (mac === board.mac && chip === board.chip) return [];
  const place = { file: join(folder, indexFile) };
  const message = `the backup is of the ${chip} ${mac}, but this board is the ${board.chip} ${board.mac}`;
  if (force) return [diagnostic('chip-mismatch', message, { place, severity: 'warning' })];
  return [diagnostic('chip-mismatch', message, { place, hint: 'connect that board, or add --force to use this one' })];
}
