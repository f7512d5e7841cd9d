import { type CertificateSet, roleOf, type SlotKind } from '../../firmware/sets.ts';
import { type CertificateRequest, issue } from '../../pki/issue.ts';
import { type KeyKind, type KeyPair, newKey, privateKeyPem } from '../../pki/new-key.ts';
import { pemOf } from '../../pki/to-pem.ts';

export interface MaterialRequest {
  readonly set: CertificateSet;
  readonly keyKind: KeyKind;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Of the device's certificate; by default it says which set it is. */
  readonly commonName?: string;
  /** DNS names and addresses of the set's server: of the device in the set `server`, else of the other party. */
  readonly names: readonly string[];
  /** A new serial number at each call. */
  readonly serial: () => Uint8Array;
}

export interface HostFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly secret: boolean;
}

export interface Material {
  /** The content of the device's slots. */
  readonly device: Readonly<Record<SlotKind, Uint8Array>>;
  /** What the other party needs, and the CAs of both with their keys. */
  readonly host: readonly HostFile[];
}

/**
 * Makes what two parties need to trust each other, each by a CA of its own: the slot of the CA holds that of the other
 * party. `client_ca` is the CA of the server that the device talks to, `server_ca` that of its clients.
 */
export async function makeMaterial(request: MaterialRequest): Promise<Material> {
  const { set, keyKind, names } = request;
  const role = roleOf(set);
  const [deviceCaKey, deviceKey, hostCaKey, hostKey] = await Promise.all([
    newKey(keyKind),
    newKey(keyKind),
    newKey(keyKind),
    newKey(keyKind),
  ]);
  const make = async (rest: Pick<CertificateRequest, 'role' | 'commonName' | 'names' | 'key' | 'issuer'>) => {
    const { notBefore, notAfter, serial } = request;
    return pemOf('CERTIFICATE', await issue({ ...rest, serial: serial(), notBefore, notAfter }));
  };
  const root = async (commonName: string, key: KeyPair) => {
    const pem = await make({ role: 'ca', commonName, names: [], key });
    return { pem, issuer: { commonName, key } };
  };
  const [deviceCa, hostCa] = await Promise.all([
    root(`${set.title} device CA`, deviceCaKey),
    root(`${set.title} host CA`, hostCaKey),
  ]);
  const serverName = names.find((name) => name.length <= longestCommonName) ?? `${set.title} server`;
  const device = await make({
    role,
    commonName: request.commonName ?? (role === 'server' ? serverName : `${set.title} device`),
    names: role === 'server' ? names : [],
    key: deviceKey,
    issuer: deviceCa.issuer,
  });
  const hostRole = role === 'server' ? 'client' : 'server';
  const host = await make({
    role: hostRole,
    commonName: hostRole === 'server' ? serverName : `${set.title} host`,
    names: hostRole === 'server' ? names : [],
    key: hostKey,
    issuer: hostCa.issuer,
  });
  const open = (name: string, bytes: Uint8Array): HostFile => ({ name, bytes, secret: false });
  const secret = (name: string, key: KeyPair): HostFile => ({ name, bytes: privateKeyPem(key), secret: true });
  const [caName, caKeyName, hostName, hostKeyName, deviceCaName, deviceCaKeyName, readmeName] = hostFileNames(set);
  return {
    device: { ca: hostCa.pem, cert: device, key: privateKeyPem(deviceKey) },
    host: [
      open(caName, hostCa.pem),
      secret(caKeyName, hostCaKey),
      open(hostName, host),
      secret(hostKeyName, hostKey),
      open(deviceCaName, deviceCa.pem),
      secret(deviceCaKeyName, deviceCaKey),
      open(readmeName, Buffer.from(readme(set, names))),
    ],
  };
}

/** The files of the other party: its CA, its own, the CA of the device, and what to do with them. */
export function hostFileNames(set: CertificateSet) {
  const own = roleOf(set) === 'server' ? 'client' : 'server';
  return ['ca.crt', 'ca.key', `${own}.crt`, `${own}.key`, 'device-ca.crt', 'device-ca.key', 'README.txt'] as const;
}

/** RFC 5280, A.1: ub-common-name. */
export const longestCommonName = 64;

/** What openssl has to be told to play the other party. */
export function tryCommand(set: CertificateSet, names: readonly string[]): string {
  if (roleOf(set) === 'server') {
    const [name = 'DEVICE'] = names;
    return `openssl s_client -connect ${name.includes(':') ? `[${name}]` : name}:PORT -cert client.crt -key client.key -CAfile device-ca.crt`;
  }
  return 'openssl s_server -accept PORT -cert server.crt -key server.key -CAfile device-ca.crt -Verify 1';
}

function readme(set: CertificateSet, names: readonly string[]): string {
  const isServer = roleOf(set) === 'server';
  const own = isServer ? 'client' : 'server';
  return [
    `The other party of the set ${set.title}: what talks to the device as its ${own}.`,
    'For development only: the keys of both CAs lie here, and whoever has them can pass for either party.',
    'Keep this folder out of version control and off devices that are sold.',
    '',
    `${own}.crt, ${own}.key       what the ${own} shows`,
    'device-ca.crt                by it the certificate of the device is checked',
    'ca.crt                       what the device checks by: the same file is in its CA slot',
    'ca.key, device-ca.key        sign further certificates',
    '',
    'To try it, in this folder:',
    `  ${tryCommand(set, names)}`,
    '',
  ].join('\n');
}
