import { type MbedTls, releasesWith } from '../firmware/mbedtls.ts';
import type { PkiObject } from '../pki/object.ts';
import type { Refusal } from '../pki/refusal.ts';
import { type CheckContext, certificatesIn, keyIn, partnerOf, type Slot, type Target } from './context.ts';
import { isTestMaterial } from './espressif-test-keys.ts';
import { isSupported } from './supported.ts';

/** Effect of a refusal on the target device. */
export interface Judged {
  readonly severity: 'error' | 'warning';
  /** Subject of the message: `the device`, or the releases that reject it. */
  readonly who: string;
}

/** Judges what some of mbedTLS refuse: an error where each that the device may have does; undefined where none does. */
export function judged(by: readonly MbedTls[] | undefined, { mbedTls }: Target): Judged | undefined {
  const refusing = by === undefined ? mbedTls : mbedTls.filter((version) => by.includes(version));
  if (refusing.length === 0) return undefined;
  if (refusing.length === mbedTls.length) return { severity: 'error', who: 'the device' };
  return { severity: 'warning', who: releasesWith(refusing) };
}

/** Returns true if no mbedTLS of the target rejects a certificate or key for certain. */
const isTaken = (refusals: readonly Refusal[], target: Target): boolean =>
  refusals.every(({ by }) => judged(by, target)?.severity !== 'error');

/**
 * True where a fault of one certificate leaves others in its file that work: mbedTLS leaves out what it cannot read, and
 * goes on (x509_crt_parse returns their number). Of the device's own certificate that holds for what stands behind it,
 * or where the key belongs to what is left.
 */
export function isLeftOut(slot: Slot, object: PkiObject, context: CheckContext): boolean {
  if (slot.kind === 'key') return false;
  const { mbedTls } = context.target;
  const [first] = certificatesIn(slot).filter(
    ({ object: other, certificate }) =>
      other !== object &&
      other.fault === undefined &&
      isSupported(certificate.publicKey, mbedTls) &&
      isTaken(certificate.refusals, context.target),
  );
  if (first === undefined || slot.kind === 'ca') return first !== undefined;
  const partner = partnerOf(slot, 'key', context);
  const key = partner && keyIn(partner)?.privateKey?.spkiSha256;
  if (key !== undefined) return first.certificate.publicKey.spkiSha256 === key;
  return first.object.offset < object.offset;
}

/** The severity of a fault of one certificate or key by itself: Espressif's own test files are known for theirs. */
export function severityOf(slot: Slot, object: PkiObject, context: CheckContext): 'error' | 'warning' {
  const { certificate, privateKey } = object;
  const isTest = [certificate?.publicKey, privateKey].some((key) => key && isTestMaterial(key.spkiSha256));
  return isTest || isLeftOut(slot, object, context) ? 'warning' : 'error';
}

/** Hint for a certificate that is left out of a bundle. */
export const removeFromBundle = 'remove it from the file: the others still work';
/** Hint for a file that `normalize` converts. */
export const canonicalPem = 'rewrite it in the build: "normalize": { "pem": "canonical" } in the config';
