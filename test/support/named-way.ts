import type { Way } from '../../src/device/connection.ts';

/** A way that is known by its name alone: esptool opens it itself. */
export const namedWay = (name: string, hasLines = true): Way => ({
  name,
  hasLines,
  open: () => Promise.reject(new Error(`${name} is not for us to open`)),
});
