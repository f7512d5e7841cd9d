import { rootCertificates } from 'node:tls';
import type { Certificate } from '../pki/x509.ts';
import { certificatesIn } from './found.ts';

/** The root certificates that Node comes with: Mozilla's. */
export const nodeRoots = (): readonly Certificate[] =>
  certificatesIn(Buffer.from(rootCertificates.join('\n'))).certificates;
