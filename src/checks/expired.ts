import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { grouped } from '../core/text.ts';
import { dayOf } from '../pki/time.ts';
import { at, type Check, type CheckContext, certificatesIn, nameOf, type Slot } from './context.ts';
import { isTestMaterial } from './test-material.ts';

const day = 24 * 60 * 60 * 1000;

/** A certificate past its last day. */
export const expired: Check = (context) =>
  context.slots.flatMap((slot) =>
    certificatesIn(slot)
      .filter(({ certificate }) => certificate.notAfter < context.now)
      .map((one) => {
        const days = Math.floor((context.now.getTime() - one.certificate.notAfter.getTime()) / day);
        const ago = days === 0 ? 'today' : days === 1 ? 'a day ago' : `${grouped(days)} days ago`;
        const message = `${nameOf(one)} expired on ${dayOf(one.certificate.notAfter)}, ${ago}`;
        const hint = 'have it renewed: once its clock is set, the device and its peers refuse it';
        const isMinor = isTestMaterial(one.certificate.publicKey.spkiSha256) || hasOthers(slot, context);
        return diagnostic('expired', message, {
          ...at(slot, one.object),
          hint,
          severity: isMinor ? ('warning' as const) : undefined,
        });
      }),
  );

/** A bundle of CAs goes on working by those that are valid. */
const hasOthers = (slot: Slot, { now }: CheckContext): boolean =>
  slot.kind === 'ca' && certificatesIn(slot).some(({ certificate }) => certificate.notAfter >= now);
