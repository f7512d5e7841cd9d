import { createHash, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { purposes } from './extensions.ts';
import type { KeyPair } from './new-key.ts';

/** A certificate to be made. Its times, number and keys come from the caller. */
export interface CertificateRequest {
  readonly role: 'ca' | 'server' | 'client';
  /** Maximum number of CAs between this one and a leaf. Default: 0. */
  readonly pathLength?: number;
  readonly commonName: string;
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly key: KeyPair;
  /** Absent for a root, which signs itself. */
  readonly issuer?: { readonly commonName: string; readonly key: KeyPair };
  /** Positive: its first bit is 0. */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Says to everybody who looks at a certificate what it is for. */
const organization = 'at-pki development';

// RFC 5280, 4.2.1; the number is that of unused bits at the end.
const usages = {
  // keyCertSign and cRLSign.
  ca: { bits: 0x06, unused: 1 },
  // digitalSignature.
  ec: { bits: 0x80, unused: 7 },
  // digitalSignature and keyEncipherment, for the key exchange of TLS 1.2 without Diffie-Hellman.
  rsa: { bits: 0xa0, unused: 5 },
};

/** Makes a certificate (RFC 5280, X.509 v3) and signs it; gives its DER. */
export async function issue(request: CertificateRequest): Promise<Uint8Array> {
  const [pki, asn1] = await Promise.all([import('pkijs'), import('asn1js')]);
  const { role, commonName, key, issuer = { commonName, key } } = request;

  const nameOf = (text: string) => {
    // Out of its list of attributes the library would make one of several values: a set each is read by everybody.
    const attribute = (type: string, value: string) =>
      new asn1.Set({
        value: [new pki.AttributeTypeAndValue({ type, value: new asn1.Utf8String({ value }) }).toSchema()],
      });
    const name = new asn1.Sequence({ value: [attribute('2.5.4.10', organization), attribute('2.5.4.3', text)] });
    return pki.RelativeDistinguishedNames.fromBER(name.toBER());
  };
  // From 2050 on dates have four digits for the year (RFC 5280, 4.1.2.5).
  const timeOf = (value: Date) => new pki.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
  const extension = (extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }) =>
    new pki.Extension({ extnID, critical, extnValue: value.toBER() });
  const keyId = (pair: KeyPair) => {
    const { subjectPublicKey } = pki.PublicKeyInfo.fromBER(bufferOf(pair.spki));
    return bufferOf(createHash('sha1').update(subjectPublicKey.valueBlock.valueHexView).digest());
  };
  const usage = usages[role === 'ca' ? 'ca' : isEc(key) ? 'ec' : 'rsa'];
  const extensions = [
    extension(
      '2.5.29.19',
      true,
      new pki.BasicConstraints(
        role === 'ca' ? { cA: true, pathLenConstraint: request.pathLength ?? 0 } : {},
      ).toSchema(),
    ),
    extension(
      '2.5.29.15',
      true,
      new asn1.BitString({ valueHex: bufferOf(Uint8Array.of(usage.bits)), unusedBits: usage.unused }),
    ),
    extension('2.5.29.14', false, new asn1.OctetString({ valueHex: keyId(key) })),
    extension(
      '2.5.29.35',
      false,
      new pki.AuthorityKeyIdentifier({
        keyIdentifier: new asn1.OctetString({ valueHex: keyId(issuer.key) }),
      }).toSchema(),
    ),
  ];
  if (role !== 'ca') {
    extensions.push(extension('2.5.29.37', false, new pki.ExtKeyUsage({ keyPurposes: [purposes[role]] }).toSchema()));
  }
  if (request.names.length > 0) {
    const names = request.names.map((name) =>
      isIP(name) === 0
        ? new pki.GeneralName({ type: 2, value: name })
        : new pki.GeneralName({ type: 7, value: new asn1.OctetString({ valueHex: bufferOf(addressBytes(name)) }) }),
    );
    extensions.push(extension('2.5.29.17', false, new pki.GeneralNames({ names }).toSchema()));
  }

  const { hash, oid } = signatureOf(issuer.key);
  const algorithm = new pki.AlgorithmIdentifier({
    algorithmId: oid,
    // RFC 3279: NULL for RSA, nothing for ECDSA.
    algorithmParams: !isEc(issuer.key) ? new asn1.Null() : undefined,
  });
  const certificate = new pki.Certificate({
    version: 2,
    serialNumber: new asn1.Integer({ valueHex: bufferOf(request.serial) }),
    signature: algorithm,
    signatureAlgorithm: algorithm,
    issuer: nameOf(issuer.commonName),
    subject: nameOf(commonName),
    notBefore: timeOf(request.notBefore),
    notAfter: timeOf(request.notAfter),
    subjectPublicKeyInfo: pki.PublicKeyInfo.fromBER(bufferOf(key.spki)),
    extensions,
  });
  certificate.tbsView = new Uint8Array(certificate.encodeTBS().toBER());
  const signature = sign(hash, certificate.tbsView, issuer.key.privateKey);
  certificate.signatureValue = new asn1.BitString({ valueHex: bufferOf(signature) });
  return new Uint8Array(certificate.toSchema().toBER());
}

const isEc = ({ privateKey }: KeyPair): boolean => privateKey.asymmetricKeyType === 'ec';

/** SHA-384 where the key is worth it: Wi-Fi Enterprise with 192 bits asks for it from P-384 and RSA 3072 on. */
function signatureOf(key: KeyPair): { readonly hash: string; readonly oid: string } {
  const { namedCurve, modulusLength = 0 } = key.privateKey.asymmetricKeyDetails ?? {};
  const isLong = isEc(key) ? namedCurve !== 'prime256v1' : modulusLength >= 3072;
  const hash = isLong ? 'sha384' : 'sha256';
  if (isEc(key)) return { hash, oid: isLong ? '1.2.840.10045.4.3.3' : '1.2.840.10045.4.3.2' };
  return { hash, oid: isLong ? '1.2.840.113549.1.1.12' : '1.2.840.113549.1.1.11' };
}

/** An IP address in network byte order. */
function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.'), Number);
  // The URL parser writes every IPv6 address in hex groups, with `::` at most once.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros: number[] = new Array(8 - first.length - last.length).fill(0);
  return Uint8Array.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]));
}

/** A copy with a buffer of its own, as the library takes it. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
