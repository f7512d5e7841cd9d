import { type Address, readAddress } from './address.ts';
import { fail, ok, type Result } from './result.ts';
import { didYouMean, printable } from './text.ts';

/** What `--port` and the config may name. */
export type PortName = { readonly kind: 'auto' } | { readonly kind: 'serial'; readonly path: string } | NetworkPort;

/** A port on the network: `SCHEME://HOST:PORT?QUERY`. */
export interface NetworkPort {
  readonly kind: 'network';
  readonly scheme: string;
  readonly address: Address;
  readonly query: URLSearchParams;
}

const ownSchemes = ['socket', 'rfc2217'] as const;

/** A scheme that comes with the program: device/ports/ has a port for each. */
export type PortScheme = (typeof ownSchemes)[number];

/** The schemes that a port can be named by. */
export const portSchemes = new Set<string>(ownSchemes);

export interface PortMistake {
  readonly message: string;
  readonly hint: string;
}

const forms = '/dev/ttyUSB0, COM3, auto, socket://HOST:PORT or rfc2217://HOST:PORT';

/** Reads the name of a port; whether it exists is another matter. */
export function parsePort(text: string, platform: NodeJS.Platform = process.platform): Result<PortName, PortMistake> {
  const word = text.trim();
  if (word === '') return fail({ message: 'the port has no name', hint: forms });
  if (word.toLowerCase() === 'auto') return ok({ kind: 'auto' });
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(word) ?? [];
  if (scheme !== undefined) return parseUrl(scheme.toLowerCase(), rest, word);
  const address = readAddress(word);
  if (address !== undefined) {
    return fail({ message: `${printable(word)} is no serial port`, hint: `did you mean socket://${printable(word)}?` });
  }
  const [, com] = /^(?:[\\/]{2}[.?][\\/])?(com[0-9]+):?$/i.exec(word) ?? [];
  if (com !== undefined) return ok({ kind: 'serial', path: com.toUpperCase() });
  if (word.startsWith('/') || platform === 'win32') return ok({ kind: 'serial', path: word });
  if (/^[\w.-]+$/.test(word) && !/^\.+$/.test(word)) return ok({ kind: 'serial', path: `/dev/${word}` });
  return fail({ message: `${printable(word)} does not name a port`, hint: forms });
}

function parseUrl(scheme: string, rest: string, whole: string): Result<PortName, PortMistake> {
  const shown = printable(whole);
  if (!portSchemes.has(scheme)) {
    const meant = scheme === 'tcp' ? 'did you mean socket://?' : didYouMean(scheme, [...portSchemes]);
    return fail({ message: `${shown}: ports are not reached by ${scheme}://`, hint: meant ?? forms });
  }
  const [, place = '', query = ''] = /^([^/?#]*)\/?(?:\?(.*))?$/s.exec(rest) ?? [];
  const address = readAddress(place);
  if (address === undefined) {
    const hint = `${scheme}://HOST:PORT, e.g. ${scheme}://192.168.1.5:4000 or ${scheme}://[2001:db8::1]:4000`;
    return fail({ message: `${shown} does not name a host and its port`, hint });
  }
  if ('noPort' in address) {
    return fail({ message: `${shown}: there is no port ${address.noPort}`, hint: 'from 1 to 65535' });
  }
  return ok({ kind: 'network', scheme, address, query: new URLSearchParams(query) });
}
