// Runs the compiled tests: `node test/run.mjs [--fuzz | --bench] [WORD…]`, each word a part of a file's path. See
// runner/main.ts for the limits: --silence SECONDS between two events of a file, --limit SECONDS for the whole run.
import { existsSync } from 'node:fs';

const main = new URL('../.out/test/runner/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('the tests are not compiled: npm run build');
  process.exit(1);
}
await import(main.href);
