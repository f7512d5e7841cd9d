import { checkDer, childrenOf, type DerElement, oidText, rawOf, smallInteger, tags } from './der.ts';
import { type KeyForm, keyFormOf, type PrivateKey, readPrivateKey } from './key.ts';
import type { PemFault, PemPart } from './pem-file.ts';
import { type PublicKey, publicKeyOf } from './public-key.ts';
import { type Certificate, readCertificate } from './x509.ts';

export type ObjectType =
  | 'certificate'
  | 'private key'
  | 'public key'
  | 'certificate request'
  | 'revocation list'
  | 'PKCS #7'
  | 'PKCS #12'
  | 'parameters'
  | 'unknown';

/** Why the firmware cannot read an object that is in order otherwise. */
export type ObjectFault = PemFault | 'utf-16' | 'bare-base64';

/** One thing in a file. Nothing in it is a byte of a private key. */
export interface PkiObject {
  readonly type: ObjectType;
  /** The label of its PEM block. */
  readonly label?: string;
  /** Where it starts, in bytes of the file (of its text, where that is UTF-16), and in lines where it is PEM. */
  readonly offset: number;
  readonly line?: number;
  readonly column?: number;
  /** Why it cannot be read by anybody; the place above is then the one at fault. */
  readonly problem?: string;
  readonly fault?: ObjectFault;
  readonly certificate?: Certificate;
  readonly publicKey?: PublicKey;
  readonly privateKey?: PrivateKey;
  /** A private key that needs a password. */
  readonly encrypted?: true;
}

type Content = Pick<PkiObject, 'type' | 'problem' | 'certificate' | 'publicKey' | 'privateKey' | 'encrypted'>;

/** What a PEM block holds. `fault` is one of the whole file. */
export function objectOfPart(part: PemPart, fault: ObjectFault | undefined = part.fault): PkiObject {
  const { label, offset, line, der, problem } = part;
  const type = typeOfLabel(label);
  const faulty = fault === undefined ? {} : { fault };
  if (problem) {
    const { message, column } = problem;
    const at = { offset: problem.offset, line: problem.line, column };
    return { type, label, ...at, problem: message, ...faulty, encrypted: part.encrypted ? true : undefined };
  }
  const known = { label, offset, line, ...faulty };
  if (type === 'private key' && part.encrypted) return { type, ...known, encrypted: true };
  if (label === 'OPENSSH PRIVATE KEY') return { type, ...known, problem: 'it is a key of OpenSSH, for no certificate' };
  return { ...known, ...contentOfBlock(type, label, der ?? new Uint8Array()) };
}

/** What a DER structure is; undefined where it is none that is known here. */
export function objectOfDer(der: Uint8Array): PkiObject | undefined {
  const container = containerOf(der);
  if (container) return { type: container, offset: 0 };
  const checked = checkDer(der);
  if ('problem' in checked) return undefined;
  const content = contentOfDer(der, checked.top);
  return content && { offset: 0, ...content };
}

function contentOfBlock(type: ObjectType, label: string, der: Uint8Array): Content {
  const expected = formOfLabel(label);
  const checked = checkDer(der);
  if (type === 'unknown' || type === 'parameters' || type === 'PKCS #7') return { type };
  if ('problem' in checked) {
    const { message, offset } = checked.problem;
    return { type, problem: `the block ${label} holds no DER: at byte ${offset} it ${message}` };
  }
  const content = contentOfDer(der, checked.top);
  if (content === undefined) return { type, problem: `the block ${label} holds nothing of that kind` };
  if (content.type !== type || (content.encrypted === true) !== (label === 'ENCRYPTED PRIVATE KEY')) {
    return {
      ...content,
      problem: `the block ${label} holds ${content.encrypted ? 'an encrypted' : 'a'} ${content.type}`,
    };
  }
  const form = content.privateKey?.form;
  if (form !== undefined && expected !== undefined && form !== expected) {
    return { ...content, problem: `the block ${label} holds a ${form} key; its label would be ${labelOfForm[form]}` };
  }
  return content;
}

/** The label that belongs to each form of private key (RFC 7468, RFC 5915). */
export const labelOfForm: Readonly<Record<KeyForm, string>> = {
  'PKCS #1': 'RSA PRIVATE KEY',
  'PKCS #8': 'PRIVATE KEY',
  'SEC 1': 'EC PRIVATE KEY',
  DSA: 'DSA PRIVATE KEY',
};

function formOfLabel(label: string): KeyForm | undefined {
  if (label === 'RSA PRIVATE KEY') return 'PKCS #1';
  if (label === 'EC PRIVATE KEY') return 'SEC 1';
  if (label === 'DSA PRIVATE KEY') return 'DSA';
  return label === 'PRIVATE KEY' ? 'PKCS #8' : undefined;
}

function typeOfLabel(label: string): ObjectType {
  if (label.endsWith('PRIVATE KEY')) return 'private key';
  if (label.endsWith('PUBLIC KEY')) return 'public key';
  if (label.endsWith('CERTIFICATE REQUEST')) return 'certificate request';
  if (label.endsWith('CERTIFICATE')) return 'certificate';
  if (label.endsWith('CRL')) return 'revocation list';
  if (label.endsWith('PARAMETERS')) return 'parameters';
  return label === 'PKCS7' || label === 'CMS' ? 'PKCS #7' : 'unknown';
}

/** Tells structures apart by the tags they start with; each stands in the RFC that is named. */
function contentOfDer(der: Uint8Array, top: DerElement): Content | undefined {
  const [first, second, third, ...rest] = childrenOf(der, top);
  if (top.tag !== tags.sequence || !first) return undefined;
  if (first.tag === tags.sequence && second?.tag === tags.sequence && third?.tag === tags.bitString) {
    return signedContent(der, top, first);
  }
  // RFC 5208: EncryptedPrivateKeyInfo.
  if (first.tag === tags.sequence && second?.tag === tags.octetString && !third) {
    return { type: 'private key', encrypted: true };
  }
  // RFC 5280: SubjectPublicKeyInfo.
  if (first.tag === tags.sequence && second?.tag === tags.bitString && !third) {
    const publicKey = publicKeyOf(der, top);
    return publicKey && { type: 'public key', publicKey };
  }
  const form = keyFormOf(der, top);
  if (form !== undefined) {
    const read = readPrivateKey(der, top, form);
    return 'problem' in read
      ? { type: 'private key', problem: read.problem }
      : { type: 'private key', privateKey: read.key };
  }
  // RFC 8017: RSAPublicKey.
  const isPair = first.tag === tags.integer && second?.tag === tags.integer && !third && rest.length === 0;
  return isPair ? { type: 'public key' } : undefined;
}

/** A certificate, a request (RFC 2986) or a revocation list (RFC 5280): a signed body. */
function signedContent(der: Uint8Array, top: DerElement, body: DerElement): Content {
  const [version, second, third, fourth] = childrenOf(der, body);
  const named = (element: DerElement | undefined) => childrenOf(der, element)[0]?.tag === tags.oid;
  const isTime = (element: DerElement | undefined) =>
    element?.tag === tags.utcTime || element?.tag === tags.generalizedTime;
  if (version?.tag === tags.integer) {
    if (!named(second) && third?.tag === tags.sequence && (fourth?.tag ?? tags.context(0)) === tags.context(0)) {
      return { type: 'certificate request' };
    }
    if (isTime(fourth)) return { type: 'revocation list' };
  }
  if (named(version) && isTime(third)) return { type: 'revocation list' };
  const read = readCertificate(rawOf(der, top));
  if ('certificate' in read) return { type: 'certificate', certificate: read.certificate };
  return { type: 'certificate', problem: `the certificate ${read.problem.message} (byte ${read.problem.offset})` };
}

/** What a damaged DER was meant to be, by its start: private keys begin with a version, certificates with a body. */
export function objectOfDamagedDer(bytes: Uint8Array, message: string, offset: number): PkiObject | undefined {
  const { head, element } = startOf(bytes);
  const version = smallInteger(head, element);
  const isKey = (version === 0 || version === 1) && element?.end === 3;
  const isCertificate = head[0] === tags.sequence && (head[1] ?? 0) > 0x80;
  if (!isKey && !isCertificate) return undefined;
  const problem = `its DER is damaged: at byte ${offset} it ${message}`;
  return { type: isKey ? 'private key' : 'certificate', offset, problem };
}

/** The first element inside a SEQUENCE, whatever the length around it says: it may be missing or cut off. */
function startOf(bytes: Uint8Array): { head: Uint8Array; element: DerElement | undefined } {
  const first = bytes[1] ?? 0;
  const content = 2 + (first > 0x80 ? first - 0x80 : 0);
  const head = bytes.subarray(content, content + 40);
  const around = { tag: tags.sequence, start: 0, content: 0, end: 2 + (head[1] ?? 0) };
  return { head, element: childrenOf(head, around)[0] };
}

/**
 * PKCS #7 (an OID, RFC 2315) and PKCS #12 (version 3 and a PKCS #7, RFC 7292), by their start alone: they may be BER
 * without lengths.
 */
function containerOf(bytes: Uint8Array): 'PKCS #7' | 'PKCS #12' | undefined {
  if (bytes[0] !== tags.sequence) return undefined;
  const { head, element } = startOf(bytes);
  if (oidText(head, element).startsWith('1.2.840.113549.1.7.')) return 'PKCS #7';
  const inner = head.subarray(3);
  if (smallInteger(head, element) !== 3 || inner[0] !== tags.sequence) return undefined;
  return Buffer.from(inner).includes(pkcs7Oid) ? 'PKCS #12' : undefined;
}

const pkcs7Oid = Buffer.from('2a864886f70d0107', 'hex');
