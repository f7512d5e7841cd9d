import { checkDer, childrenOf, contentOf, derOf, oidText, rawOf, tags } from './der.ts';

const rsaEncryption = '1.2.840.113549.1.1.1';
const ecPublicKey = '1.2.840.10045.2.1';

/**
 * The form that a PKCS #8 key had before there was PKCS #8: PKCS #1 of RSA, SEC 1 of elliptic curves; undefined for
 * others. Taken apart here, since Node's own export ends the whole process (an assertion of its C++) where OpenSSL has
 * a type of its own for a curve: SM2.
 */
export function traditional(pkcs8: Uint8Array): { readonly label: string; readonly der: Uint8Array } | undefined {
  const checked = checkDer(pkcs8);
  if ('problem' in checked) return undefined;
  const [, algorithm, wrapped] = childrenOf(pkcs8, checked.top);
  const [identifier, parameters] = childrenOf(pkcs8, algorithm);
  if (wrapped?.tag !== tags.octetString) return undefined;
  const key = contentOf(pkcs8, wrapped);
  const oid = oidText(pkcs8, identifier);
  if (oid === rsaEncryption) return { label: 'RSA PRIVATE KEY', der: key };
  if (oid !== ecPublicKey || parameters === undefined) return undefined;
  const inner = checkDer(key);
  if ('problem' in inner) return undefined;
  const [version, secret, ...rest] = childrenOf(key, inner.top);
  if (version === undefined || secret === undefined) return undefined;
  // RFC 5915: the parameters stand before the public key; inside PKCS #8 they are left out.
  const own = derOf(tags.context(0), rawOf(pkcs8, parameters));
  const others = rest.filter(({ tag }) => tag !== tags.context(0)).map((element) => rawOf(key, element));
  const der = derOf(tags.sequence, rawOf(key, version), rawOf(key, secret), own, ...others);
  return { label: 'EC PRIVATE KEY', der };
}
