import { type Clock, realClock } from '../core/clock.ts';
import { redraw } from '../core/door.ts';
import type { Output } from '../core/output.ts';
import { grouped } from '../core/text.ts';
import type { OnPhase, Phase } from '../device/progress.ts';

const labels = { read: 'reading', write: 'writing', verify: 'verifying' } as const;

/** Milliseconds between two drawings, so that a fast port is not held up by a slow terminal. */
const interval = 80;

/**
 * Shows what goes on in one line of a terminal, which is gone in the end. Silent where `stderr` is none, and where
 * nothing is to be shown but errors.
 */
export function showProgress(stderr: Output, isQuiet: boolean, clock: Pick<Clock, 'now'> = realClock): OnPhase {
  if (stderr.isTTY !== true || isQuiet) return () => {};
  let shown = '';
  let drawn = Number.NEGATIVE_INFINITY;
  let current: Phase['phase'] | undefined;
  let started = 0;
  return (phase) => {
    const time = clock.now();
    const isNew = phase.phase !== current;
    if (isNew) {
      current = phase.phase;
      started = time;
    }
    const isLast = 'done' in phase && phase.done === phase.total;
    if (!isNew && !isLast && time - drawn < interval) return;
    drawn = time;
    const text = lineOf(phase, time - started).slice(0, (stderr.columns ?? 80) - 1);
    // What the last line leaves beyond the new one is overwritten.
    redraw(stderr, text, shown.length, phase.phase === 'end');
    shown = text;
  };
}

/** `writing 45 % · 12,288 of 28,672 bytes · 38.2 kB/s · 0.4 s left`. */
function lineOf(phase: Phase, elapsed: number): string {
  switch (phase.phase) {
    case 'end':
      return '';
    case 'connect':
      return `connecting to ${phase.port}`;
    case 'compare':
      return 'comparing with the device';
    default: {
      const { done, total } = phase;
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      const parts = [`${labels[phase.phase]} ${percent} %`, `${grouped(done)} of ${grouped(total)} bytes`];
      // The first moments tell nothing of the rate.
      if (done > 0 && elapsed > 200) {
        const perMillisecond = done / elapsed;
        parts.push(
          `${perMillisecond.toFixed(1)} kB/s`,
          `${((total - done) / perMillisecond / 1000).toFixed(1)} s left`,
        );
      }
      return parts.join(' · ');
    }
  }
}
