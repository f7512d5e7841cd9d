/** CSV with quoted fields (RFC 4180), which may hold commas, line breaks and doubled quotes. Blank lines are dropped. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const fields = text.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n|\r|\n|$)/g);
  for (const [, quoted, plain = '', separator] of fields) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (separator === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
