import { diagnostic } from '../core/diagnostic.ts';
import { isIssuedBy } from '../pki/chain.ts';
import { casBeside, chainsOf } from './chains.ts';
import { at, type Check, called, nameOf } from './context.ts';

/**
 * A chain that stops below an intermediate which is at hand in a CA slot: the device does not send it, and peers that
 * know only the root cannot find the way. What peers know otherwise, nobody here can tell.
 */
export const chainIncomplete: Check = (context) =>
  chainsOf(context).flatMap(({ slot, certificates, path }) => {
    const last = certificates.find(({ certificate }) => certificate === path.at(-1));
    if (last === undefined || last.certificate.selfIssued) return [];
    const issuers = casBeside(slot, context).filter(({ certificate }) => isIssuedBy(last.certificate, certificate));
    const [missing] = issuers;
    if (missing === undefined || issuers.some(({ certificate }) => certificate.selfIssued)) return [];
    const message = `${nameOf(last)} was signed by the intermediate ${called(missing.certificate)}, which is not in the file`;
    const hint = `put it behind the certificate: it is in ${missing.slot.name}`;
    return [diagnostic('chain-incomplete', message, { ...at(slot, last.object), hint })];
  });
