import { leafOf, pathFrom } from '../pki/chain.ts';
import type { Certificate } from '../pki/x509.ts';
import {
  type CertificateAt,
  type CheckContext,
  certificatesIn,
  keyIn,
  partnerOf,
  type Slot,
  slotsOfKind,
} from './context.ts';

/** A file of a certificate slot, taken as a chain. */
export interface Chain {
  readonly slot: Slot;
  /** As they stand in the file; copies of one left out. */
  readonly certificates: readonly CertificateAt[];
  readonly leaf: Certificate;
  /** The key of the slot is known, and belongs to the leaf. */
  readonly hasKey: boolean;
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
    const own = all.find(({ publicKey }) => publicKey.spkiSha256 === key);
    const leaf = own ?? leafOf(all);
    const hasKey = own !== undefined;
    return leaf === undefined ? [] : [{ slot, certificates, leaf, hasKey, path: pathFrom(leaf, all) }];
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
 * The CAs at hand that sign what a set sends. `server_ca` is the CA of clients and `client_ca` that of servers, so each
 * is asked for the other's certificates. In all other sets the CA is that of the other side, which may be quite another
 * one than the device's, even where both have one name (as in the files that come with esp-at).
 */
export function casOf({ set }: Slot, context: CheckContext): CertificateAt[] {
  const party = set === 'client' ? 'server' : set === 'server' ? 'client' : undefined;
  return party === undefined ? [] : slotsOfKind({ set: party, kind: 'ca' }, context).flatMap(certificatesIn);
}
