import { count } from '../core/text.ts';
import { dayOf } from '../pki/time.ts';
import { defineCheck } from './check.ts';
import { certificatesIn, nameOf } from './context.ts';

const day = 24 * 60 * 60 * 1000;

/** A certificate that will expire within the days that the config gives. */
export const expiresSoon = defineCheck({
  code: 'expires-soon',
  severity: 'warning',
  summary: 'A certificate expires within the days that the config gives.',
  explain: async () => ({
    meaning: 'Devices in the field stop connecting on that day.',
    cause: 'The certificate expires within `"expiresWithin"` days, 30 by default.',
    remedy:
      'Plan the renewal now: devices that are offline on that day need it earlier. `at-pki certs list --expires-within 60` fits a nightly job.',
    source: 'RFC 5280, section 4.1.2.5.',
  }),
  run: ({ slots, now, expiresWithin }) =>
    slots.flatMap(certificatesIn).flatMap((one) => {
      const { notAfter } = one.certificate;
      const left = (notAfter.getTime() - now.getTime()) / day;
      if (left < 0 || left > expiresWithin) return [];
      const message = `${nameOf(one)} expires on ${dayOf(notAfter)}, in ${count(Math.floor(left), 'day')}`;
      const hint = 'renew it before devices in the field need it';
      return [{ slot: one.slot, object: one.object, message, hint }];
    }),
});
