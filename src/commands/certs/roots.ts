import { rootCertificates } from 'node:tls';
import { certificatesIn } from '../../formats/certificates.ts';
import type { Certificate } from '../../pki/x509.ts';

/** The root certificates that Node comes with: Mozilla's. */
export const nodeRoots = (): readonly Certificate[] =>
  certificatesIn(Buffer.from(rootCertificates.join('\n'))).certificates;
