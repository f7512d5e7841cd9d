import { isSignedBy } from '../pki/signature.ts';
import { type Chain, casOf, chainsOf } from './chains.ts';
import { defineCheck, placeOf } from './check.ts';
import { type CertificateAt, type CheckContext, called, nameOf, quoted } from './context.ts';

/** A certificate in a chain that is no part of it; and a chain whose CA at hand has the right name and another key. */
export const chainUnrelated = defineCheck({
  code: 'chain-unrelated',
  severity: 'warning',
  summary: 'A certificate in a chain is not part of it, or the CA with the name of its issuer did not sign it.',
  explain: async () => ({
    meaning: 'The peer finds no path from the certificate to a CA that it trusts.',
    cause:
      'A certificate of another chain was joined in, an intermediate was forgotten, or a CA was renewed under the same name.',
    remedy:
      'Keep only certificates that signed each other, and keep a CA together with what it signed. `at-pki certs show FILE` shows who signed whom.',
    source: 'RFC 5280, section 6.1.',
  }),
  run: (context) =>
    chainsOf(context).flatMap((chain) => {
      const { slot, certificates, leaf, path } = chain;
      const strangers = certificates.filter(({ certificate }) => !path.includes(certificate));
      const found = strangers.map(({ certificate, object }) => {
        const message = `${slot.name}: ${called(certificate)} has no part in the chain of ${called(leaf)}`;
        const hint = `leave it out, or put the issuer that is missing in its place: ${quoted((path.at(-1) ?? leaf).issuer)}`;
        return { slot, object, message, hint };
      });
      if (found.length > 0) return found;
      const namesake = namesakeOf(chain, context);
      const last = certificates.find(({ certificate }) => certificate === path.at(-1));
      if (namesake === undefined || last === undefined) return [];
      const message = `${nameOf(last)} names ${called(namesake.certificate)} as its issuer, but the CA of that name in ${namesake.slot.name} did not sign it`;
      const hint = 'the CA was regenerated: sign the certificate with it, or use the CA that did';
      const related = [{ message: 'the CA of that name', place: placeOf(namesake.slot, namesake.object) }];
      return [{ slot, object: last.object, message, hint, related }];
    }),
});

/** A CA with the name of the chain's last issuer, where none of those with that name signed it. */
function namesakeOf({ slot, path }: Chain, context: CheckContext): CertificateAt | undefined {
  const last = path.at(-1);
  if (last === undefined || last.selfIssued) return undefined;
  const namesakes = casOf(slot, context).filter(({ certificate }) => certificate.subject.raw === last.issuer.raw);
  return namesakes.every(({ certificate }) => isSignedBy(last, certificate) === false) ? namesakes[0] : undefined;
}
