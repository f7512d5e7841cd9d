/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** As people write it: `[::1]:443`. */
  readonly text: string;
}

/**
 * Reads `HOST:PORT`; an IPv6 address stands in brackets. `{ noPort }` where the digits name no port, undefined where it
 * is written otherwise.
 */
export function readAddress(word: string): Address | { readonly noPort: string } | undefined {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:/\\@[\]]+)):([0-9]{1,5})$/.exec(word) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || digits === undefined) return undefined;
  const port = Number(digits);
  if (port === 0 || port > 65_535) return { noPort: digits };
  return { host, port, text: bracketed === undefined ? `${host}:${port}` : `[${host}]:${port}` };
}
