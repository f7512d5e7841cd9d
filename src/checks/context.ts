import type { Place } from '../core/diagnostics/diagnostic.ts';
import type { MbedTls } from '../firmware/mbedtls.ts';
import type { Identified } from '../formats/identify.ts';
import type { FormatName } from '../formats/index.ts';
import type { DistinguishedName } from '../pki/distinguished-name.ts';
import type { PkiObject } from '../pki/object.ts';
import type { PublicKey } from '../pki/public-key.ts';
import type { Certificate } from '../pki/x509.ts';

/** What the firmware takes a slot's content for. */
export type SlotKind = 'ca' | 'cert' | 'key';

/** A file in the place where the firmware looks for it: key 1 of the set `client`, say. */
export interface Slot {
  /** `client`, `server`, `mqtt`, `wpa2`, `wpa_ent`, `wss`, `https`, or a name of the user's own. */
  readonly set: string;
  readonly kind: SlotKind;
  /** Counted from 0 within its set and kind. */
  readonly index: number;
  /** The partition it goes into. */
  readonly partition: string;
  /** Absolute path; the name where it came from no file. */
  readonly file: string;
  /** Where the config names it, if it came from no file. */
  readonly place?: Place;
  /** What messages call the file: short, and enough to find it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly identified: Identified;
  /** The bits of its mode, where the system has any. */
  readonly mode?: number;
}

export interface Target {
  /** The release of ESP-AT, e.g. `v3.2` or `v2.2.0.0_esp32`; without it, only what holds for all of them is said. */
  readonly release?: string;
  /** The mbedTLS that the device may have, the oldest first. */
  readonly mbedTls: readonly MbedTls[];
  readonly format: FormatName;
}

export interface CheckContext {
  /** The files of every set, in the order in which they are packed. */
  readonly slots: readonly Slot[];
  /** What the config or the table has, files or not: `client_key`. A set is not called incomplete for what is not here. */
  readonly named: readonly string[];
  readonly target: Target;
  readonly now: Date;
  /** Days. */
  readonly expiresWithin: number;
}

/** An object of a slot that is a readable certificate. */
export interface CertificateAt {
  readonly slot: Slot;
  readonly object: PkiObject;
  readonly certificate: Certificate;
}

const certificatesOf = new WeakMap<Slot, readonly CertificateAt[]>();

/**
 * The certificates in a CA or certificate slot that the device sees, in order; what else is in the file is not of
 * interest there. Blocks that its reader passes over count where there is nothing else: then all is judged at once.
 */
export function certificatesIn(slot: Slot): readonly CertificateAt[] {
  // Asked for by each check, and for each finding: a bundle has thousands.
  const known = certificatesOf.get(slot) ?? readableIn(slot);
  certificatesOf.set(slot, known);
  return known;
}

function readableIn(slot: Slot): CertificateAt[] {
  if (slot.kind === 'key') return [];
  const readable = slot.identified.objects.flatMap((object) =>
    object.certificate === undefined || object.problem !== undefined
      ? []
      : [{ slot, object, certificate: object.certificate }],
  );
  const seen = readable.filter(({ object }) => object.fault === undefined);
  return seen.length > 0 ? seen : readable;
}

/** The labels that mbedTLS looks for in a key file, each in the whole of it, one after the other (pkparse.c). */
const keyLabels = ['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'];

/** The key in a key slot that the firmware takes: of several, that whose label it looks for first. */
export function keyIn(slot: Slot): PkiObject | undefined {
  const all = keysIn(slot);
  const seen = all.filter(({ fault }) => fault !== 'nul');
  const keys = seen.length > 0 ? seen : all;
  for (const label of keyLabels) {
    const found = keys.find((key) => key.label === label);
    if (found !== undefined) return found;
  }
  return keys[0];
}

/** The keys in a key slot, in the order of the file. */
export const keysIn = ({ kind, identified }: Slot): readonly PkiObject[] =>
  kind === 'key' ? identified.objects.filter(({ type }) => type === 'private key') : [];

const indexes = new WeakMap<readonly Slot[], ReadonlyMap<string, readonly Slot[]>>();

/** The slots of a set and kind, in their order. Of 10,000 partitions each has its own: they are sorted once. */
export function slotsOfKind({ set, kind }: Pick<Slot, 'set' | 'kind'>, { slots }: CheckContext): readonly Slot[] {
  const index = indexes.get(slots) ?? sorted(slots);
  indexes.set(slots, index);
  return index.get(slotName({ set, kind })) ?? [];
}

function sorted(slots: readonly Slot[]): Map<string, readonly Slot[]> {
  const index = new Map<string, Slot[]>();
  for (const slot of slots) {
    const name = slotName(slot);
    const others = index.get(name);
    if (others === undefined) index.set(name, [slot]);
    else others.push(slot);
  }
  return index;
}

/** The slot of another kind at the same place of the same set. */
export function partnerOf({ set, index }: Slot, kind: SlotKind, context: CheckContext): Slot | undefined {
  const all = slotsOfKind({ set, kind }, context);
  // Mostly none is missing before it.
  return all[index]?.index === index ? all[index] : all.find((one) => one.index === index);
}

/** Returns true if the certificate of a key is in the set: it is reported once, with the certificate. */
export function isInCertificate(
  { spkiSha256 }: Pick<PublicKey, 'spkiSha256'>,
  slot: Slot,
  context: CheckContext,
): boolean {
  const partner = partnerOf(slot, 'cert', context);
  const certificates = partner ? certificatesIn(partner) : [];
  return certificates.some(({ certificate }) => certificate.publicKey.spkiSha256 === spkiSha256);
}

/** `client_cert`, as directories, namespaces and partitions are called. */
export const slotName = ({ set, kind }: Pick<Slot, 'set' | 'kind'>): string => `${set}_${kind}`;

const longestName = 120;

/** A certificate by its subject, for messages. */
export function called({ subject, serial }: Certificate): string {
  if (subject.text === '') return `the certificate with serial number ${serial.slice(0, 40)}`;
  return quoted(subject);
}

/** A subject or issuer, for messages. */
export const quoted = ({ text }: DistinguishedName): string =>
  text.length > longestName ? `"${text.slice(0, longestName)}…"` : `"${text}"`;

/** What to call a certificate: its file, and its subject where there are others in it. */
export const nameOf = ({ slot, certificate }: CertificateAt): string =>
  certificatesIn(slot).length > 1 ? `${slot.name}: ${called(certificate)}` : slot.name;
