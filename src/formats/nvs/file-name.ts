/** Names of devices on Windows, which no file may have, whatever its extension. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name that every file system takes, and that no other of these files has, whatever the case of letters: names of
 * NVS may hold `/`, `..` and control characters. Adds itself to `taken`.
 */
export function freeName(wanted: string, extension: string, taken: Set<string>): string {
  const safe = wanted.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[.-]|^$/, '_');
  const stem = devices.test(safe) ? `_${safe}` : safe;
  for (let number = 1; ; number++) {
    // No file system shows a dot at the end reliably.
    const name = `${number === 1 ? stem : `${stem}-${number}`}${extension}`.replace(/\.$/, '_');
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
