import { keyText } from '../pki/public-key.ts';
import { defineCheck, placeOf } from './check.ts';
import { type CheckContext, certificatesIn, keyIn, partnerOf, type Slot, slotsOfKind } from './context.ts';

/** A key that does not belong to the certificate of the same place. */
export const keyMismatch = defineCheck({
  code: 'key-mismatch',
  severity: 'error',
  summary: 'A private key does not belong to the certificate of its index.',
  explain: async () => ({
    meaning: 'The device cannot prove that the certificate is its own: the handshake fails, and it answers ERROR.',
    cause: 'The certificate was renewed with a new key and one of the two files is the old one, or two were swapped.',
    remedy:
      'Take the key that the certificate was requested with, or request a certificate for this key. Files are paired by their order: `"order": "natural"` sorts 2 before 10.',
    source: 'mbedTLS, mbedtls_pk_check_pair; RFC 8446, section 4.4.3.',
  }),
  run: (context) =>
    context.slots.flatMap((slot) => {
      const key = keyIn(slot)?.privateKey;
      const partner = partnerOf(slot, 'cert', context);
      if (!key || key.spkiSha256 === '' || !partner) return [];
      const [leaf, ...others] = certificatesIn(partner);
      if (leaf === undefined) return [];
      const belongs = (spkiSha256: string) => spkiSha256 === key.spkiSha256;
      // If another certificate of the file is the one, the file is in the wrong order: `chain-order` says so.
      if ([leaf, ...others].some(({ certificate }) => belongs(certificate.publicKey.spkiSha256))) return [];
      const other = leaf.certificate.publicKey;
      const types = keyText(key) === keyText(other) ? '' : ` (${keyText(key)}, not ${keyText(other)})`;
      const message = `${slot.name} is not the key of ${partner.name}${types}: a TLS handshake with this pair fails`;
      const mate = certificateFor(key.spkiSha256, slot, context);
      const hint = mate
        ? `it is the key of ${mate.name}: pair them by their order`
        : 'take the key that the certificate was requested with, or request a certificate for this key';
      const related = [{ message: 'the certificate', place: placeOf(partner, leaf.object) }];
      const deviceCodes = key.type === other.type ? (key.type === 'RSA' ? ['-0x4200'] : ['-0x4f80']) : ['-0x3f00'];
      return [{ slot, object: keyIn(slot), message, hint, related, deviceCodes }];
    }),
});

const certificateFor = (spkiSha256: string, { set }: Slot, context: CheckContext): Slot | undefined =>
  slotsOfKind({ set, kind: 'cert' }, context).find((one) =>
    certificatesIn(one).some(({ certificate }) => certificate.publicKey.spkiSha256 === spkiSha256),
  );
