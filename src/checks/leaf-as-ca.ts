import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { isSelfSigned } from '../pki/signature.ts';
import { at, type Check, called, nameOf, quoted } from './context.ts';
import { uselessCas } from './not-a-ca.ts';

/** The certificate of a server or client in a CA slot, instead of the one that signed it. */
export const leafAsCa: Check = ({ slots }) =>
  slots.flatMap(uselessCas).flatMap((one) => {
    const { certificate, slot, object } = one;
    if (certificate.isCa === true || isSelfSigned(certificate)) return [];
    const message = `${nameOf(one)} is the certificate of ${called(certificate)} itself, not of a CA: the device trusts nobody by it`;
    const hint = `put the CA here that signed it: ${quoted(certificate.issuer)}`;
    return [diagnostic('leaf-as-ca', message, { ...at(slot, object), hint })];
  });
