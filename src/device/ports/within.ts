import type { Clock } from '../../core/clock.ts';

/** What a promise gives, or undefined when the milliseconds are over. */
export async function within<Value>(
  clock: Clock,
  milliseconds: number,
  promise: Promise<Value>,
): Promise<Value | undefined> {
  let callOff = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    callOff = clock.timeout(milliseconds, () => resolve(undefined));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    callOff();
  }
}
