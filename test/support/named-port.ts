import type { Port } from '../../src/device/connection.ts';

/** A way that is known by its name alone: esptool opens it itself. */
export const namedPort = (name: string, hasLines = true): Port => ({
  name,
  hasLines,
  open: () => Promise.reject(new Error(`${name} is not for us to open`)),
});
