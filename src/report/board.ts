import { printable, sizeText } from '../core/text.ts';
import type { DeviceResult } from '../pipeline/result.ts';
import { type Paint, painter } from './paint.ts';

/** `ESP32-C3 a0:b1:c2:d3:e4:f5 · 4M flash · /dev/ttyUSB0`: how every command names the board that it spoke with. */
export function boardLine(
  { chip, mac, flashSize, port }: Omit<DeviceResult, 'durationMs'>,
  paint: Paint = painter(false),
): string {
  return `${paint('bold', chip)} ${mac} ${paint('dim', `· ${sizeText(flashSize)} flash · ${printable(port)}`)}`;
}
