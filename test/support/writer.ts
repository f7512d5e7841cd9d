import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sweep } from '../../src/files/temporary.ts';
import { compareFile, replaceFile } from '../../src/files/write-file.ts';

/*
 * A process that replaces FILE by images in turn until the file STOP exists, once at least, for tests that kill it or
 * run it beside another: `node writer.js FILE STOP SIZE BYTE…`. Prints `ready` after the first image, and each problem.
 */
const [file = '', stop = '', size = '', ...bytes] = process.argv.slice(2);
const images = bytes.map((byte) => new Uint8Array(Number(size)).fill(Number(byte)));
for (let turn = 0; turn === 0 || !existsSync(stop); turn++) {
  const image = images[turn % images.length] ?? new Uint8Array();
  sweep(dirname(file));
  // As a build does; what it finds changes under its eyes.
  compareFile(file, image, { secret: true });
  const result = replaceFile(file, image, { secret: true });
  if (!result.ok) process.stdout.write(`${JSON.stringify(result.error)}\n`);
  if (turn === 0) process.stdout.write('ready\n');
}
