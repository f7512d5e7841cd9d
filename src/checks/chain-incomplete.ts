import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { isIssuedBy } from '../pki/chain.ts';
import { casOf, chainsOf } from './chains.ts';
import { at, type Check, called, nameOf } from './context.ts';

/**
 * A chain without an intermediate that another file sends along. What peers know by themselves nobody here can tell, so
 * a chain is not called incomplete only because its issuer is not at hand, nor where the CA of its party is that issuer.
 */
export const chainIncomplete: Check = (context) => {
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
    const hint = `put it behind the certificate, as in ${missing.slot.name}: the peer may know only the root`;
    return [diagnostic('chain-incomplete', message, { ...at(slot, last.object), hint })];
  });
};
