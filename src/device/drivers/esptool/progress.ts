import type { OnProgress, Run } from '../../device.ts';

/**
 * How far a read has come, from a line of output: `20480 (15 %)` in version 4, `… 15.6% 20480/131072 bytes...` in
 * version 5. Bytes.
 */
export function readProgress(line: string): number | undefined {
  const digits = /^(\d+) \(\d+ %\)/.exec(line)?.[1] ?? /^Reading from .* (\d+)\/\d+ bytes/.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Tells how far a write of several runs has come. Both versions print `Writing at 0x00021000` with the place that the
 * next block goes to, and `Wrote 8192 bytes (1024 compressed) at 0x00021000`; their percentages are of compressed bytes.
 */
export function writeProgress(runs: readonly Run[], onProgress: OnProgress): (line: string) => void {
  const total = runs.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let told = -1;
  const tell = (done: number): void => {
    if (done <= told) return;
    told = done;
    onProgress(done, total);
  };
  return (line) => {
    const [, word, digits = ''] = /^(Writing|Wrote)\b.* at (0x[0-9a-f]+)/i.exec(line) ?? [];
    const place = Number.parseInt(digits, 16);
    let before = 0;
    for (const { offset, bytes } of runs) {
      if (word === 'Wrote' && place === offset) return tell(before + bytes.length);
      if (word === 'Writing' && place >= offset && place <= offset + bytes.length) return tell(before + place - offset);
      before += bytes.length;
    }
  };
}
