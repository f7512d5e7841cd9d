type Range = readonly [start: number, end: number];

const begin = /BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const end = '-----END ';

/** What stands between the marks of private keys, whatever it looks like. One without an end has none of these. */
export function pemBodies(text: string): Range[] {
  const bodies: Range[] = [];
  let at = 0;
  for (const found of text.matchAll(begin)) {
    if (found.index < at) continue;
    const start = found.index + found[0].length;
    at = text.indexOf(end, start);
    if (at < 0) break;
    bodies.push([start, at]);
  }
  return bodies;
}
