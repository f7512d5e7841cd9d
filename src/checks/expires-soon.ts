import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { count } from '../core/text.ts';
import { dayOf } from '../pki/time.ts';
import { at, type Check, certificatesIn, nameOf } from './context.ts';

const day = 24 * 60 * 60 * 1000;

/** A certificate that will expire within the days that the config gives. */
export const expiresSoon: Check = ({ slots, now, expiresWithin }) =>
  slots.flatMap(certificatesIn).flatMap((one) => {
    const { notAfter } = one.certificate;
    const left = (notAfter.getTime() - now.getTime()) / day;
    if (left < 0 || left > expiresWithin) return [];
    const message = `${nameOf(one)} expires on ${dayOf(notAfter)}, in ${count(Math.floor(left), 'day')}`;
    const hint = 'renew it before devices in the field need it';
    return [diagnostic('expires-soon', message, { ...at(one.slot, one.object), hint })];
  });
