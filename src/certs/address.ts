import { fail, ok, type Result } from '../core/result.ts';
import { printable } from '../core/text.ts';

/** Where a TLS server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** As people write it: `[::1]:443`. */
  readonly text: string;
}

/** Reads `HOST:PORT`; an IPv6 address stands in brackets. */
export function parseAddress(word: string): Result<Address, { message: string; hint: string }> {
  const shown = printable(word);
  const hint = 'HOST:PORT, e.g. broker.example:8883 or [2001:db8::1]:443';
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:/\\@[\]]+)):([0-9]{1,5})$/.exec(word) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port > 0 && port < 65_536) {
    return ok({ host, port, text: bracketed === undefined ? `${host}:${port}` : `[${host}]:${port}` });
  }
  if (host !== undefined) return fail({ message: `${shown}: there is no port ${digits}`, hint: 'from 1 to 65535' });
  const [, inUrl] = /^[a-z]+:\/\/([^/\s@]+)/i.exec(word) ?? [];
  if (inUrl !== undefined) {
    const address = /:[0-9]+$/.test(inUrl) ? inUrl : `${inUrl}:443`;
    return fail({ message: `${shown} is a URL`, hint: `write ${printable(address)}` });
  }
  return fail({ message: `${shown} does not name a server and its port`, hint });
}
