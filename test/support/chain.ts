import { createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { type CertificateRequest, issue } from '../../src/pki/issue.ts';
import { type KeyPair, newKey, privateKeyPem } from '../../src/pki/new-key.ts';
import { pemOf } from '../../src/pki/to-pem.ts';

/** A certificate of a chain made for a test. */
export interface Made {
  readonly commonName: string;
  readonly key: KeyPair;
  readonly pem: string;
}

/** The time that these chains are made for. */
export const now = () => new Date('2030-01-01T00:00:00Z');

let lastSerial = 0;

/** Makes a certificate that is valid at `now`, signed by `issuer` or by itself. */
export async function made(
  commonName: string,
  issuer: Made | undefined,
  rest: Partial<Pick<CertificateRequest, 'role' | 'pathLength' | 'names' | 'notBefore' | 'notAfter' | 'key'>> = {},
): Promise<Made> {
  const key = rest.key ?? (await newKey({ type: 'ec', bits: 256 }));
  lastSerial++;
  const der = await issue({
    role: 'ca',
    names: [],
    notBefore: new Date('2029-01-01T00:00:00Z'),
    notAfter: new Date('2031-01-01T00:00:00Z'),
    ...rest,
    commonName,
    key,
    ...(issuer && { issuer }),
    serial: Uint8Array.of(0x40, lastSerial >> 8, lastSerial & 0xff),
  });
  return { commonName, key, pem: Buffer.from(pemOf('CERTIFICATE', der)).toString('latin1') };
}

/** A root, an intermediate and a server's certificate. */
export async function chain(rest: Parameters<typeof made>[2] = {}): Promise<{ root: Made; middle: Made; leaf: Made }> {
  const root = await made('test root', undefined, { pathLength: 1 });
  const middle = await made('test intermediate', root);
  const leaf = await made('test server', middle, { role: 'server', names: ['localhost', '127.0.0.1'], ...rest });
  return { root, middle, leaf };
}

interface Hook {
  after(clean: () => void): void;
}

/** A TLS server on this machine that sends these certificates; gives its `HOST:PORT`. */
export function serve(t: Hook, sent: readonly Made[], options: TlsOptions = {}): Promise<string> {
  const [leaf] = sent;
  const tls = createServer({
    cert: sent.map(({ pem }) => pem).join(''),
    key: leaf && Buffer.from(privateKeyPem(leaf.key)),
    ...options,
  });
  // A client that looks and leaves is an error to it.
  tls.on('tlsClientError', () => {});
  return listening(t, tls);
}

/** A server without TLS: `answer` gets each connection. */
export const servePlain = (t: Hook, answer: (socket: Socket) => void): Promise<string> =>
  listening(t, createPlain(answer));

function listening(t: Hook, server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    }),
  );
}
