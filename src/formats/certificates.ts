import { append } from '../core/lists.ts';
import { checkDer, childrenOf, elementWithin, rawOf, tags } from '../pki/der.ts';
import { type Certificate, type ReadCertificate, readCertificate } from '../pki/x509.ts';
import { type Identified, identify, imageFormat } from './identify.ts';

/** The certificates of a file, in its order. */
export interface Found {
  readonly certificates: readonly Certificate[];
  /** Certificates that cannot be read, each with the reason. */
  readonly damaged: readonly string[];
  /** What else is in it, by kind: `private key`. Never its content. */
  readonly others: readonly string[];
  readonly what: Identified['what'];
}

/** Finds the certificates in whatever form a file has them: PEM, DER, base64, PKCS #7, or an image. */
export function certificatesIn(bytes: Uint8Array): Found {
  const format = imageFormat(bytes);
  if (format === undefined) return inFile(bytes);
  // A dump of the partition goes on with erased flash.
  const decoded = format.decode(bytes.subarray(0, format.extent?.(bytes)));
  const items = decoded.ok ? decoded.value : [];
  return inItems(
    format.title,
    items.map((item) => item.bytes),
  );
}

function inFile(bytes: Uint8Array): Found {
  const identified = identify(bytes);
  const { what, objects } = identified;
  const found: { certificates: Certificate[]; damaged: string[]; others: string[] } = {
    certificates: [],
    damaged: [],
    others: [],
  };
  const parts = identified.pem?.parts ?? [];
  objects.forEach(({ type, certificate, problem, line }, index) => {
    if (certificate !== undefined) found.certificates.push(certificate);
    else if (type === 'certificate') found.damaged.push(`${line ? `line ${line}: ` : ''}${problem ?? 'it is damaged'}`);
    else if (type === 'PKCS #7') {
      const read = certificatesOfPkcs7(parts[index]?.der ?? bytes);
      for (const one of read) if ('certificate' in one) found.certificates.push(one.certificate);
      append(found.damaged, damageOf(read));
    } else found.others.push(type);
  });
  return { what, ...found };
}

function inItems(what: Identified['what'], items: readonly Uint8Array[]): Found {
  const all = items.map(inFile);
  return {
    what,
    certificates: all.flatMap(({ certificates }) => certificates),
    damaged: all.flatMap(({ damaged }) => damaged),
    others: all.flatMap(({ others }) => others),
  };
}

/** RFC 2315, SignedData: version, digests, content, [0] certificates. One in BER without lengths gives none. */
function certificatesOfPkcs7(der: Uint8Array): ReadCertificate[] {
  const checked = checkDer(der);
  if ('problem' in checked) return [];
  const [, content] = childrenOf(der, checked.top);
  const fields = childrenOf(der, elementWithin(der, content));
  const list = fields.find(({ tag }) => tag === tags.context(0));
  return childrenOf(der, list).map((element) => readCertificate(rawOf(der, element)));
}

const damageOf = (read: readonly ReadCertificate[]): string[] =>
  read.flatMap((one, index) =>
    'problem' in one ? [`certificate ${index + 1} of a PKCS #7 ${one.problem.message}`] : [],
  );
