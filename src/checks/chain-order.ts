import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { listed } from '../core/text.ts';
import { chainsOf } from './chains.ts';
import { at, type Check, called } from './context.ts';

/** TLS 1.2 (RFC 5246, 7.4.2) sends the leaf first, then each issuer; the firmware takes the first as its own. */
export const chainOrder: Check = (context) =>
  chainsOf(context).flatMap(({ slot, certificates, leaf, path }) => {
    const inFile = certificates.filter(({ certificate }) => path.includes(certificate));
    const wrong = inFile.findIndex(({ certificate }, index) => certificate !== path[index]);
    const misplaced = certificates[0]?.certificate === leaf ? inFile[wrong] : certificates[0];
    if (misplaced === undefined) return [];
    const order = listed(path.map(called));
    const message = `the certificates in ${slot.name} are in the wrong order; the device sends them as they stand`;
    return [diagnostic('chain-order', message, { ...at(slot, misplaced.object), hint: `the right order: ${order}` })];
  });
