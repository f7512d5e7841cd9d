import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { dayOf } from '../pki/time.ts';
import { at, type Check, certificatesIn, nameOf } from './context.ts';

/** A certificate whose first day is to come. */
export const notYetValid: Check = ({ slots, now }) =>
  slots
    .flatMap(certificatesIn)
    .filter(({ certificate }) => certificate.notBefore > now)
    .map((one) => {
      const message = `${nameOf(one)} is valid only from ${dayOf(one.certificate.notBefore)} on`;
      const hint = 'check the clock of the machine that made it; until then, the device and its peers refuse it';
      return diagnostic('not-yet-valid', message, { ...at(one.slot, one.object), hint });
    });
