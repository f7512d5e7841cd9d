import { contentOf, type DerElement, tags } from './der.ts';

/** A date of a certificate (RFC 5280, 4.1.2.5): in UTC, to the second. Undefined where it is none. */
export function certificateTime(bytes: Uint8Array, element: DerElement | undefined): Date | undefined {
  if (element?.tag !== tags.utcTime && element?.tag !== tags.generalizedTime) return undefined;
  const text = Buffer.from(contentOf(bytes, element)).toString('latin1');
  const short = element.tag === tags.utcTime;
  // mbedTLS (x509_parse_time) takes a time without its Z, and none without its seconds, which old certificates have.
  const pattern = short ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z?$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z?$/;
  const [, year, month, day, hour, minute, second] = (pattern.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fullYear = short ? year + (year < 50 ? 2000 : 1900) : year;
  // The calendar has no year 0, and Node reads it as 2000.
  if (fullYear === 0) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // 31 February would have become a day of March.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}

/** `2044-01-01`: how dates are written in messages. */
export const dayOf = (date: Date): string => date.toISOString().replace(/T.*/, '');
