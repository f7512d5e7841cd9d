import { tags } from '../../../src/pki/der.ts';
import { timeDer } from '../../support/certificate.ts';
import { ca, inBoth, type Kinds, leaf, now, own, root } from '../cases.ts';
import { sequence, set, text } from '../der.ts';

const time = (tag: number, content: string) => text(tag, content);
const { utcTime, generalizedTime } = tags;
/** Ends of a validity that starts in 2024, or starts of one that ends in 2044. */
const dates: Readonly<Record<string, { notBefore?: Uint8Array; notAfter?: Uint8Array }>> = {
  'GeneralizedTime before 2050': { notAfter: time(generalizedTime, '20400101000000Z') },
  'GeneralizedTime from 2050 on': { notAfter: time(generalizedTime, '20500101000000Z') },
  'both GeneralizedTime': {
    notBefore: time(generalizedTime, '20240101000000Z'),
    notAfter: time(generalizedTime, '20400101000000Z'),
  },
  'last UTCTime': { notAfter: time(utcTime, '491231235959Z') },
  'UTCTime of 1950': { notBefore: time(utcTime, '500101000000Z') },
  'year 9999': { notAfter: time(generalizedTime, '99991231235959Z') },
  'year 0001': { notBefore: time(generalizedTime, '00010101000000Z') },
  'without seconds': { notAfter: time(utcTime, '4001010000Z') },
  'without seconds, GeneralizedTime': { notAfter: time(generalizedTime, '204001010000Z') },
  'without Z': { notAfter: time(utcTime, '400101000000') },
  'without Z, GeneralizedTime': { notAfter: time(generalizedTime, '20400101000000') },
  'start without Z': { notBefore: time(utcTime, '240101000000') },
  'small z': { notAfter: time(utcTime, '400101000000z') },
  offset: { notAfter: time(utcTime, '400101000000+0100') },
  'fraction of a second': { notAfter: time(generalizedTime, '20400101000000.5Z') },
  'second 59': { notAfter: time(utcTime, '400101000059Z') },
  'second 60': { notAfter: time(utcTime, '400101000060Z') },
  'minute 60': { notAfter: time(utcTime, '400101006000Z') },
  'hour 24': { notAfter: time(utcTime, '400101240000Z') },
  'day 0': { notAfter: time(utcTime, '400100000000Z') },
  'day 32': { notAfter: time(utcTime, '400132000000Z') },
  '31 April': { notAfter: time(utcTime, '400431000000Z') },
  '29 February 2040': { notAfter: time(utcTime, '400229000000Z') },
  '29 February 2041': { notAfter: time(utcTime, '410229000000Z') },
  '30 February': { notAfter: time(utcTime, '400230000000Z') },
  'month 0': { notAfter: time(utcTime, '400001000000Z') },
  'month 13': { notAfter: time(utcTime, '401301000000Z') },
  'a letter': { notAfter: time(utcTime, '4001010000O0Z') },
  'a space': { notAfter: time(utcTime, '40 101000000Z') },
  empty: { notAfter: time(utcTime, '') },
  'UTF-8': { notAfter: time(0x0c, '400101000000Z') },
  'four digits of the year in UTCTime': { notAfter: time(utcTime, '20400101000000Z') },
  'two digits of the year in GeneralizedTime': { notAfter: time(generalizedTime, '400101000000Z') },
  expired: { notAfter: time(utcTime, '250101000000Z') },
  'expired, GeneralizedTime': { notAfter: time(generalizedTime, '20250101000000Z') },
  'expired a second ago': { notAfter: timeDer(new Date(now.getTime() - 1000)) },
  'expires now': { notAfter: timeDer(now) },
  'expires in a second': { notAfter: timeDer(new Date(now.getTime() + 1000)) },
  'began a second ago': { notBefore: timeDer(new Date(now.getTime() - 1000)) },
  'begins now': { notBefore: timeDer(now) },
};
const future: typeof dates = {
  'begins in a second': { notBefore: timeDer(new Date(now.getTime() + 1000)) },
  'begins in a year': { notBefore: time(utcTime, '270601000000Z') },
  'ends before it begins': { notBefore: time(utcTime, '300101000000Z'), notAfter: time(utcTime, '290101000000Z') },
};

const [start, end] = [timeDer(new Date('2024-01-01T00:00:00Z')), timeDer(new Date('2044-01-01T00:00:00Z'))];
const validity = ({ notBefore = start, notAfter = end }: (typeof dates)[string]) => sequence(notBefore, notAfter);
const validities: Readonly<Record<string, Uint8Array>> = {
  'one date': sequence(start),
  'three dates': sequence(start, end, end),
  empty: sequence(),
  'a set': set(start, end),
};

export const dateKinds: Kinds = {
  date: () => Object.entries(dates).map(([name, date]) => own(name, { ...leaf, fields: { validity: validity(date) } })),
  'date of a CA': () =>
    Object.entries(dates).map(([name, date]) => ca(name, { ...root, fields: { validity: validity(date) } })),
  'not yet valid': () => Object.entries(future).flatMap(([name, date]) => inBoth(name, { validity: validity(date) })),
  'year 0': () =>
    inBoth('GeneralizedTime', { validity: validity({ notBefore: time(generalizedTime, '00000101000000Z') }) }),
  validity: () => Object.entries(validities).flatMap(([name, bytes]) => inBoth(name, { validity: bytes })),
};
