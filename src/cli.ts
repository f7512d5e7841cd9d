#!/usr/bin/env node

// Node 22.1 keeps compiled code between runs, in the folder for temporary files. Older ones lack it, and loading
// node:module takes time.
if (Number.parseInt(process.versions.node, 10) >= 22) {
  const { enableCompileCache } = process.getBuiltinModule('node:module') as { enableCompileCache?: () => unknown };
  enableCompileCache?.();
}
import('./main.ts');
