import { isIssuedBy } from '../pki/chain.ts';
import { casOf, chainsOf } from './chains.ts';
import { defineCheck, placeOf } from './check.ts';
import { called, nameOf } from './context.ts';

/**
 * A chain without an intermediate that another file sends along. What peers know by themselves nobody here can tell, so
 * a chain is not called incomplete only because its issuer is not at hand, nor where the CA of its party is that issuer.
 */
export const chainIncomplete = defineCheck({
  code: 'chain-incomplete',
  severity: 'warning',
  summary: 'An intermediate that another file has is missing from the chain that is sent.',
  explain: async () => ({
    meaning: 'A peer that knows only the root finds no path from the certificate to it.',
    cause: 'The intermediate came as a file of its own and was not joined.',
    remedy:
      'Append the intermediate to the certificate, in the same file: cat device.crt intermediate.crt > chain.crt.',
    source: 'RFC 8446, section 4.4.2.',
  }),
  run: (context) => {
    const chains = chainsOf(context);
    const intermediates = chains.flatMap(({ certificates, leaf }) =>
      certificates.filter(({ certificate }) => certificate !== leaf && !certificate.selfIssued),
    );
    return chains.flatMap(({ slot, certificates, path }) => {
      const last = certificates.find(({ certificate }) => certificate === path.at(-1));
      if (last === undefined || last.certificate.selfIssued) return [];
      const missing = intermediates.find(({ certificate }) => isIssuedBy(last.certificate, certificate));
      if (missing === undefined) return [];
      if (casOf(slot, context).some(({ certificate }) => isIssuedBy(last.certificate, certificate))) return [];
      const message = `${nameOf(last)} was signed by the intermediate ${called(missing.certificate)}, which is not in the file`;
      const hint = `append it to the certificate, as in ${missing.slot.name}: the peer may know only the root`;
      const related = [{ message: 'the intermediate', place: placeOf(missing.slot, missing.object) }];
      return [{ slot, object: last.object, message, hint, related }];
    });
  },
});
