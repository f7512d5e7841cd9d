import { type Address, readAddress } from '../../core/address.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { printable } from '../../core/text.ts';

/** Reads the `HOST:PORT` of a TLS server. */
export function parseAddress(word: string): Result<Address, { message: string; hint: string }> {
  const shown = printable(word);
  const address = readAddress(word);
  if (address !== undefined && 'host' in address) return ok(address);
  if (address !== undefined) {
    return fail({ message: `${shown}: there is no port ${address.noPort}`, hint: 'from 1 to 65535' });
  }
  const [, inUrl] = /^[a-z]+:\/\/([^/\s@]+)/i.exec(word) ?? [];
  if (inUrl !== undefined) {
    const meant = /:[0-9]+$/.test(inUrl) ? inUrl : `${inUrl}:443`;
    return fail({ message: `${shown} is a URL`, hint: `write ${printable(meant)}` });
  }
  const hint = 'HOST:PORT, e.g. broker.example:8883 or [2001:db8::1]:443';
  return fail({ message: `${shown} does not name a server and its port`, hint });
}
