import { leafOf, pathFrom } from '../pki/chain.ts';
import type { Certificate } from '../pki/x509.ts';
import { type CertificateAt, type CheckContext, certificatesIn, keyIn, partnerOf, type Slot } from './context.ts';

/** A file of a certificate slot, taken as a chain. */
export interface Chain {
  readonly slot: Slot;
  /** As they stand in the file; copies of one left out. */
  readonly certificates: readonly CertificateAt[];
  readonly leaf: Certificate;
  /** From the leaf up, as far as the file leads. */
  readonly path: readonly Certificate[];
}

const mostCertificates = 30;

/** The chains of all certificate slots. The leaf is the certificate of the slot's key, where that is at hand. */
export function chainsOf(context: CheckContext): Chain[] {
  return context.slots.flatMap((slot) => {
    if (slot.kind !== 'cert') return [];
    const certificates = withoutCopies(certificatesIn(slot)).slice(0, mostCertificates);
    const all = certificates.map(({ certificate }) => certificate);
    const partner = partnerOf(slot, 'key', context);
    const key = partner && keyIn(partner)?.privateKey?.spkiSha256;
    const leaf = all.find(({ publicKey }) => publicKey.spkiSha256 === key) ?? leafOf(all);
    return leaf === undefined ? [] : [{ slot, certificates, leaf, path: pathFrom(leaf, all) }];
  });
}

function withoutCopies(certificates: readonly CertificateAt[]): CertificateAt[] {
  const serials = new Set<string>();
  return certificates.filter(({ certificate: { issuer, serial } }) => {
    const id = `${issuer.raw} ${serial}`;
    return !serials.has(id) && serials.add(id);
  });
}

/**
 * The CAs at hand that could have signed what a set sends. `client_ca` is the CA of the servers that the device talks
 * to and `server_ca` that of its clients, so these two sets are asked together. That a chain leads to none of them says
 * nothing: a cloud signs the certificates of devices by another CA than its own.
 */
export function casBeside({ set }: Slot, { slots }: CheckContext): CertificateAt[] {
  const sets = set === 'client' || set === 'server' ? ['client', 'server'] : [set];
  return slots.filter((slot) => slot.kind === 'ca' && sets.includes(slot.set)).flatMap(certificatesIn);
}
