import { type Description, describe, isCertificate } from './describe.ts';

/** Whether a content is a certificate, key or the like: more than bytes. */
export const isKnown = (contents: readonly Description[]): boolean =>
  contents.some(({ what }) => what !== 'data' && what !== 'nothing');

/** Describes a secret without showing it: the kind of its key, and the certificates beside it. */
export function secretContents(bytes: Uint8Array): Description[] {
  const contents = describe(bytes).filter((content) => 'key' in content || content.what === 'encrypted private key');
  return contents.length > 0 ? contents : [{ what: 'private key' }];
}

/** One of the things in a file, in a line. */
export function contentText(content: Description): string {
  if (!isCertificate(content)) return 'key' in content ? `${content.what}, ${content.key}` : content.what;
  const { subject, notAfter, key, ca } = content;
  return `${ca ? 'CA certificate' : 'certificate'}, ${key}, ${subject || 'no subject'}, until ${notAfter.slice(0, 10)}`;
}
