import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from './support/paths.ts';

// Imports between rooms point one way, types included: a room can be read, tested and changed without those above it.

/** Rooms from the bottom up; those of one line import nothing from each other. */
const levels = [
  ['core'],
  ['files', 'firmware', 'partition-table', 'programs'],
  ['pki'],
  ['formats', 'config'],
  ['checks'],
  ['sources'],
  ['project'],
  ['pipeline'],
  ['device'],
  ['flash'],
  ['watch'],
  ['report'],
  ['commands'],
  ['cli, run and index'],
];

const folder = join(packageRoot, 'src');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll(sep, '/'));

const always = /(?:\bfrom\s+|^import\s+)'(\.[^']+)'/gm;
const whenNeeded = /\bimport\(\s*'(\.[^']+)'/g;

/** Files below src that a file imports, types included. */
function importsOf(file: string, ...patterns: readonly RegExp[]): string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  const matches = patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
  return matches.flatMap(([, path = '']) => {
    const target = relative(folder, normalize(join(folder, dirname(file), path))).replaceAll(sep, '/');
    return target.startsWith('..') ? [] : [target];
  });
}

const imports = new Map(files.map((file) => [file, importsOf(file, always, whenNeeded)]));
const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'cli, run and index');
const levelOf = (room: string): number => levels.findIndex((rooms) => rooms.includes(room));

test('every folder of src is a room with a place among the others', () => {
  assert.ok(files.length > 300, 'no sources were found: this test is blind');
  assert.deepEqual(
    files.filter((file) => levelOf(roomOf(file)) < 0),
    [],
  );
});

test('no room imports from one beside or above it', () => {
  const wrong = files.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter((target) => roomOf(target) !== roomOf(file) && levelOf(roomOf(target)) >= levelOf(roomOf(file)))
      .map((target) => `${file} → ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('every relative import leads to a file', () => {
  const lost = files.flatMap((file) => (imports.get(file) ?? []).filter((target) => !imports.has(target)));
  assert.deepEqual(lost, []);
});

// A command that is loaded when it is called may show the list of all commands.
test('no file imports itself by way of others, unless it waits to be called', () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const target of importsOf(file, always)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test('the map of the rooms in src/README.md names them all, in this order', () => {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const named = [...text.matchAll(/^\| `([a-z-]+)\/` \|/gm)].map(([, room]) => room);
  assert.deepEqual(named, levels.flat().slice(0, -1));
});
