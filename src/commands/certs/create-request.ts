import { isIP } from 'node:net';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { grouped, printable } from '../../core/text.ts';
import { type CertificateSet, parseSet, roleOf } from '../../firmware/sets.ts';
import { type KeyKind, keyTypes, sizes } from '../../pki/new-key.ts';
import type { Arguments } from '../command.ts';
import { longestCommonName } from './material.ts';

/** What a command line of `certs create` asks for. */
export interface CreateRequest {
  readonly sets: readonly SetRequest[];
  readonly keyKind: KeyKind;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface SetRequest {
  readonly set: CertificateSet;
  readonly commonName?: string;
  readonly names: readonly string[];
}

const day = 24 * 60 * 60 * 1000;
/** A hundred years. */
const mostDays = 36_525;

type Read<Value> = Result<Value, Diagnostic>;
const wrong = (message: string, hint: string): { ok: false; error: Diagnostic } =>
  fail(diagnostic('usage', message, { hint }));

export function readRequest(args: Arguments, now: Date): Read<CreateRequest> {
  const sets = setsOf(args);
  if (!sets.ok) return sets;
  const keyKind = keyKindOf(args);
  if (!keyKind.ok) return keyKind;
  const validity = validityOf(args, now);
  return validity.ok ? ok({ sets: sets.value, keyKind: keyKind.value, ...validity.value }) : validity;
}

function setsOf(args: Arguments): Read<SetRequest[]> {
  const sets = new Map<string, CertificateSet>();
  for (const word of args.words.length > 0 ? args.words : ['client', 'server']) {
    const set = parseSet(word);
    if (!set.ok) return wrong(set.error.message, set.error.hint);
    sets.set(set.value.title, set.value);
  }
  const commonNames = bySet('cn', args, sets);
  if (!commonNames.ok) return commonNames;
  const names = bySet('san', args, sets);
  if (!names.ok) return names;
  const requests: SetRequest[] = [];
  for (const [title, set] of sets) {
    const commonName = commonNames.value(title).at(-1);
    if (commonName !== undefined && !isCommonName(commonName)) {
      return wrong(
        `--cn ${printable(commonName.slice(0, 80))} is no common name`,
        `1 to ${longestCommonName} characters, none of them a control character`,
      );
    }
    const given = names.value(title).flatMap((text) => text.split(',').map((name) => name.trim()));
    const bad = given.find((name) => !isHostName(name));
    if (bad !== undefined) {
      const hint = 'a DNS name or an IP address; several are parted by commas';
      return wrong(`--san ${printable(bad.slice(0, 80)) || '""'} is no name of a server`, hint);
    }
    const standard = roleOf(set) === 'server' ? [softApAddress] : ['localhost', '127.0.0.1'];
    requests.push({ set, names: given.length > 0 ? given : standard, commonName });
  }
  return ok(requests);
}

/** Where a station finds the device as long as it is its own access point (CIPAP). */
const softApAddress = '192.168.4.1';

/** The values of an option for each set: those for it (`mqtt=NAME`), else those for all. */
function bySet(
  option: string,
  args: Arguments,
  sets: ReadonlyMap<string, CertificateSet>,
): Read<(title: string) => readonly string[]> {
  const values = new Map<string | undefined, string[]>();
  for (const text of args.texts(option)) {
    const [, word, own] = /^([a-z0-9_]+(?:\.[0-9]{1,2})?)=(.*)$/s.exec(text) ?? [];
    const set = word === undefined ? undefined : parseSet(word);
    if (set !== undefined && (!set.ok || !sets.has(set.value.title))) {
      const known = [...sets.keys()];
      return wrong(`--${option} names the set ${word}, which is not made here`, `there are ${known.join(', ')}`);
    }
    const title = set?.ok ? set.value.title : undefined;
    values.set(title, [...(values.get(title) ?? []), own ?? text]);
  }
  return ok((title) => values.get(title) ?? values.get(undefined) ?? []);
}

const isCommonName = (text: string): boolean =>
  text !== '' && text.length <= longestCommonName && printable(text) === text;

/** Labels of letters, digits, `-` and `_`; a `*` may be the first. */
const isHostName = (text: string): boolean =>
  isIP(text) !== 0 ||
  (text.length <= 253 && /^(\*\.)?[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*$/i.test(text));

function keyKindOf(args: Arguments): Read<KeyKind> {
  const type = keyTypes.find((one) => one === args.text('key-type')) ?? 'ec';
  const text = args.text('bits');
  const bits = text === undefined ? sizes[type][0] : sizes[type].find((size) => String(size) === text);
  if (bits !== undefined) return ok({ type, bits });
  const hint = type === 'ec' ? 'for RSA add --key-type rsa' : 'for a curve add --key-type ec';
  return wrong(`--bits ${printable(text ?? '')} is none of ${sizes[type].join(', ')}, for ${type} keys`, hint);
}

function validityOf(args: Arguments, now: Date): Read<Pick<CreateRequest, 'notBefore' | 'notAfter'>> {
  const daysText = args.text('days') ?? '3650';
  const days = /^[0-9]{1,9}$/.test(daysText) ? Number(daysText) : 0;
  if (days < 1 || days > mostDays) {
    return wrong(`--days ${printable(daysText)} is no number of days`, `from 1 to ${grouped(mostDays)}`);
  }
  const startText = args.text('not-before');
  // From midnight on: clocks of devices and hosts differ.
  const notBefore = startText === undefined ? new Date(Math.floor(now.getTime() / day) * day) : dateOf(startText);
  if (notBefore === undefined) {
    const hint = 'a date as 2026-01-31 or 2026-01-31T12:00:00Z, from 1950 on, in UTC';
    return wrong(`--not-before ${printable(startText ?? '')} is no date`, hint);
  }
  return ok({ notBefore, notAfter: new Date(notBefore.getTime() + days * day) });
}

function dateOf(text: string): Date | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$/.test(text)) return undefined;
  const date = new Date(text);
  const isDate = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  return isDate && date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 9000 ? date : undefined;
}
