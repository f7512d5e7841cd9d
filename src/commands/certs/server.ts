import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { unparsable } from '../../checks/unparsable.ts';
import type { Address } from '../../core/address.ts';
import { type Clock, realClock } from '../../core/clock.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { printable } from '../../core/text.ts';
import { type Certificate, readCertificate } from '../../pki/x509.ts';

export interface ServerRequest {
  readonly address: Address;
  /** For SNI; the host where absent, unless that is an address. */
  readonly servername?: string | undefined;
  /** Milliseconds for all of it: name, connection and handshake. */
  readonly timeout: number;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/** The certificates that a TLS server sends, in its order. Nothing about them is trusted. */
export async function fetchChain(request: ServerRequest): Promise<Result<readonly Certificate[], Diagnostic>> {
  const sent = await handshake(request);
  if (!sent.ok) return sent;
  const { text } = request.address;
  const certificates: Certificate[] = [];
  for (const [index, der] of sent.value.entries()) {
    const read = readCertificate(der);
    if (!('certificate' in read)) {
      const message = `certificate ${index + 1} of ${text} is damaged: it ${read.problem.message}`;
      return fail(diagnostic(unparsable, message));
    }
    certificates.push(read.certificate);
  }
  if (certificates.length > 0) return ok(certificates);
  return fail(diagnostic('server-handshake', `${text} sends no certificate`, { hint: 'it uses TLS without one' }));
}

function handshake({
  address,
  servername,
  timeout,
  clock = realClock,
}: ServerRequest): Promise<Result<Uint8Array[], Diagnostic>> {
  const { host, port } = address;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      servername: servername ?? (isIP(host) === 0 ? host : ''),
      // It is looked at, not talked to: the worst server is the one worth seeing.
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      // Else Node would complete the chain out of its own store.
      ca: [],
    });
    let isConnected = false;
    const settle = (result: Result<Uint8Array[], Diagnostic>): void => {
      callOff();
      socket.destroy();
      resolve(result);
    };
    const callOff = clock.timeout(timeout, () => settle(fail(tooLate(address, timeout, isConnected))));
    socket.once('connect', () => {
      isConnected = true;
    });
    socket.once('secureConnect', () => settle(ok(sentBy(socket))));
    // Errors may follow the first one, also while the socket is closed.
    socket.on('error', (error: unknown) => settle(fail(explain(address, error))));
    socket.once('close', () => settle(fail(closed(address))));
  });
}

function sentBy(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  // Its "issuer" is the next certificate that was sent, whoever signed.
  for (let one = socket.getPeerX509Certificate(); one !== undefined; one = one.issuerCertificate) chain.push(one.raw);
  return chain;
}

function tooLate({ text }: Address, timeout: number, isConnected: boolean): Diagnostic {
  const seconds = `${timeout / 1000} s`;
  return isConnected
    ? diagnostic('server-unreachable', `${text} takes the connection and does not answer to TLS within ${seconds}`, {
        hint: 'is it a TLS port? some protocols start without (STARTTLS); --timeout waits longer',
      })
    : diagnostic('server-unreachable', `${text} does not answer within ${seconds}`, {
        hint: 'check host, port and firewall; --timeout waits longer',
      });
}

const closed = ({ text }: Address): Diagnostic =>
  diagnostic('server-handshake', `${text} closes the connection during the TLS handshake`, {
    hint: 'name the server that is meant by --servername; is it a TLS port?',
  });

/** What Node and OpenSSL say of a connection that failed, in plain words. */
function explain(address: Address, error: unknown): Diagnostic {
  const { text, host } = address;
  const code = textIn(error, 'code') ?? '';
  const unreachable = (message: string, hint: string) => diagnostic('server-unreachable', message, { hint });
  switch (code) {
    case 'ECONNREFUSED':
      return unreachable(`nothing listens at ${text}`, 'check host and port, and that the server runs');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return unreachable(`the name ${printable(host)} is not known (${code})`, 'check its spelling and the network');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return unreachable(`there is no way to ${text} (${code})`, 'check host, network and firewall');
    case 'ECONNRESET':
    case 'EPIPE':
      return closed(address);
    default:
      break;
  }
  const reason = textIn(error, 'reason') ?? '';
  if (
    /wrong version number|packet length too long|http request/i.test(reason) ||
    code === 'ERR_SSL_WRONG_VERSION_NUMBER'
  ) {
    return diagnostic('server-handshake', `${text} does not speak TLS at that port`, {
      hint: 'take the port of TLS: 443 for HTTPS, 8883 for MQTT',
    });
  }
  const message = `${text} ends the TLS handshake: ${printable(reason || code || 'no reason given')}`;
  const hint = /certificate/i.test(reason)
    ? 'it wants a certificate of its clients; ask whoever runs it for its CA'
    : 'name the server that is meant by --servername';
  return diagnostic('server-handshake', message, { hint });
}

function textIn(error: unknown, property: 'code' | 'reason'): string | undefined {
  if (typeof error !== 'object' || error === null || !(property in error)) return undefined;
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : undefined;
}
