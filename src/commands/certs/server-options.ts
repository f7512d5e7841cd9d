import type { Address } from '../../core/address.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, type Result } from '../../core/result.ts';
import { printable } from '../../core/text.ts';
import { altNamesOf, isForHost } from '../../pki/alt-names.ts';
import type { Certificate } from '../../pki/x509.ts';
import type { Arguments, Context, Options } from '../command.ts';
import { parseAddress } from './address.ts';
import { fetchChain } from './server.ts';

/** The options of a command that asks a server. */
export const serverOptions = {
  servername: { type: 'string', value: 'NAME', help: 'The name to ask the server for (SNI), if it is not HOST' },
  timeout: { type: 'string', value: 'SECONDS', help: 'How long to wait for it (default: 10)' },
} as const satisfies Options;

export function addressOf(word: string): Result<Address, Diagnostic> {
  const address = parseAddress(word);
  return address.ok ? address : fail(diagnostic('usage', address.error.message, { hint: address.error.hint }));
}

/** The chain that a server sends, asked as the options say. */
export async function chainFrom(
  address: Address,
  args: Arguments,
  { clock }: Pick<Context, 'clock'>,
): Promise<Result<readonly Certificate[], Diagnostic>> {
  const text = args.text('timeout') ?? '10';
  const seconds = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0 || seconds > 3600) {
    const message = `--timeout ${printable(text)} is no time to wait`;
    return fail(diagnostic('usage', message, { hint: 'seconds, more than 0 and up to 3600' }));
  }
  const servername = args.text('servername');
  // An address or a wild name there is an error to Node, thrown while it connects.
  if (servername !== undefined && !/^[a-z0-9_]([a-z0-9_.-]{0,252})$/i.test(servername)) {
    return fail(diagnostic('usage', `--servername ${printable(servername)} is no name of a host`));
  }
  return fetchChain({ address, servername, timeout: seconds * 1000, clock });
}

/** Warns of a certificate that is for other hosts than the one that was asked for. */
export function otherName(leaf: Certificate | undefined, host: string): Diagnostic[] {
  if (leaf === undefined || isForHost(leaf, host)) return [];
  const names = altNamesOf(leaf);
  const own = names.length > 0 ? names.map((name) => name.replace(/^DNS:/, '')).join(', ') : leaf.subject.text;
  const message = `the certificate of ${printable(host)} is for ${own || 'no name'}: a device that looks at the name refuses it`;
  const hint = 'let the device connect by a name of the certificate; to ask for another one: --servername NAME';
  return [diagnostic('server-name', message, { hint, deviceCodes: ['-0x2700'] })];
}
