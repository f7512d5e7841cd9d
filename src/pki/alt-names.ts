import { isIPv4 } from 'node:net';
import { printable } from '../core/text.ts';
import { checkDer, childrenOf, contentOf, type DerElement, elementWithin, oidText, tags } from './der.ts';
import type { Certificate } from './x509.ts';

/**
 * The names that a certificate stands for beside its subject (RFC 5280, 4.2.1.6): `DNS:broker.example`, `IP:192.168.4.1`.
 * Safe on a terminal; in their order; none where the extension is missing.
 */
export function altNamesOf({ signed: { body } }: Certificate): string[] {
  const checked = checkDer(body);
  if ('problem' in checked) return [];
  const block = childrenOf(body, checked.top).find(({ tag }) => tag === tags.context(3));
  const extensions = childrenOf(body, elementWithin(body, block)).map((extension) => childrenOf(body, extension));
  const value = extensions.find(([type]) => oidText(body, type) === '2.5.29.17')?.at(-1);
  return childrenOf(body, elementWithin(body, value)).map((name) => printable(nameText(body, name)));
}

/** GeneralName: a context-specific tag for each kind. */
function nameText(body: Uint8Array, name: DerElement): string {
  const content = Buffer.from(contentOf(body, name));
  switch (name.tag) {
    case 0x81:
      return `email:${content.toString('latin1')}`;
    case 0x82:
      return `DNS:${content.toString('latin1')}`;
    case 0x86:
      return `URI:${content.toString('latin1')}`;
    case 0x87:
      return `IP:${addressText(content)}`;
    default:
      return 'a name of another kind';
  }
}

function addressText(bytes: Buffer): string {
  const dotted = bytes.join('.');
  if (isIPv4(dotted)) return dotted;
  if (bytes.length !== 16) return bytes.toString('hex');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return groups.join(':');
}

/**
 * Returns true if a certificate names a host, as mbedTLS compares names (x509_crt_verify_name): by its alternative names, else
 * by its common name; `*.` stands for one part. Of addresses, which it compares since 3.5 alone, by both.
 */
export function isForHost(certificate: Certificate, host: string): boolean {
  const names = altNamesOf(certificate);
  const wanted = host.toLowerCase();
  if (names.length === 0) {
    const common = /(?:^|, )CN=([^,]*)/.exec(certificate.subject.text)?.[1] ?? '';
    return isMatch(common.toLowerCase(), wanted);
  }
  return names.some((name) => isMatch(name.replace(/^(?:DNS|IP):/, '').toLowerCase(), wanted));
}

function isMatch(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === pattern.slice(1);
}
