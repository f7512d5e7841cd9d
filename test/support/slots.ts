import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckContext, type Slot, type SlotKind, slotName, type Target } from '../../src/checks/context.ts';
import { runChecks } from '../../src/checks/index.ts';
import { mbedTlsOfRelease } from '../../src/firmware/mbedtls.ts';
import { identify } from '../../src/formats/identify.ts';
import { fixtures } from './paths.ts';

export const pki = join(fixtures, 'pki');
export const faults = join(pki, 'faults');

/** Within the validity of the fixtures: 2024 to 2044. */
const now = new Date('2026-06-01T12:00:00Z');

/** `client_cert.1` → the slot with index 1; bytes, or the name of a file in test/fixtures/pki/faults. */
export function slot(place: string, content: Uint8Array | string, name?: string): Slot {
  const [, set = '', kind, index = '0'] = /^(.+)_(ca|cert|key)(?:\.(\d+))?$/.exec(place) ?? [];
  const bytes = typeof content === 'string' ? readFileSync(join(faults, content)) : content;
  const called = name ?? (typeof content === 'string' ? content : place);
  const partition = slotName({ set, kind: kind as SlotKind });
  const file = `/raw_data/${partition}/${called}`;
  const known = { set, kind: kind as SlotKind, index: Number(index), partition, file, name: called };
  return { ...known, bytes, identified: identify(bytes) };
}

/** A target may be left out, or be said in part. */
type Details = Partial<Omit<CheckContext, 'target'>> & { readonly target?: Partial<Target> };

/** A context in which everything that has a file is named, and nothing is said of the release. */
export function contextOf(slots: readonly Slot[], { target, ...details }: Details = {}): CheckContext {
  const named = [...new Set(slots.map(({ partition }) => partition))];
  const whole = { format: 'atpki', mbedTls: mbedTlsOfRelease(target?.release), ...target } as const;
  return { slots, named, target: whole, now, expiresWithin: 30, ...details };
}

/** What the checks say: `code name` of each, or `code` where `plain`. */
export const codesOf = (slots: readonly Slot[], details: Details = {}): string[] =>
  runChecks(contextOf(slots, details)).map(({ code }) => code);

/** The one message of a code, with its severity. */
export function saidOf(slots: readonly Slot[], details: Details = {}): string[] {
  return runChecks(contextOf(slots, details)).map(({ code, severity, message, place }) => {
    const line = place?.line === undefined ? '' : `:${place.line}`;
    return `${severity} ${code}${line} ${message}`;
  });
}
