import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { chainIncomplete } from './chain-incomplete.ts';
import { chainOrder } from './chain-order.ts';
import { chainTooLong } from './chain-too-long.ts';
import { chainUnrelated } from './chain-unrelated.ts';
import { type Check, type Finding, placeOf } from './check.ts';
import type { CheckContext } from './context.ts';
import { emptyFile } from './empty-file.ts';
import { encryptedKey } from './encrypted-key.ts';
import { expired } from './expired.ts';
import { expiresSoon } from './expires-soon.ts';
import { fileMode } from './file-mode.ts';
import { keyMismatch } from './key-mismatch.ts';
import { leafAsCa } from './leaf-as-ca.ts';
import { longKey } from './long-key.ts';
import { notACa } from './not-a-ca.ts';
import { notYetValid } from './not-yet-valid.ts';
import { pathLength } from './path-length.ts';
import { pemRequired } from './pem-required.ts';
import { privateKeyExposed } from './private-key-exposed.ts';
import { refusedForm } from './refused-form.ts';
import { sameKeyTwice } from './same-key-twice.ts';
import { setIncomplete } from './set-incomplete.ts';
import { severalKeys } from './several-keys.ts';
import { slotKind } from './slot-kind.ts';
import { testMaterial } from './test-material.ts';
import { trailingNul } from './trailing-nul.ts';
import { unparsable } from './unparsable.ts';
import { unreadableForm } from './unreadable-form.ts';
import { unsupportedAlgorithm } from './unsupported-algorithm.ts';
import { weakKey } from './weak-key.ts';
import { weakSignature } from './weak-signature.ts';
import { wrongPurpose } from './wrong-purpose.ts';

/** The checks of at-pki, in the order in which they report. A further one is a file beside this and a line here. */
const own = [
  emptyFile,
  slotKind,
  privateKeyExposed,
  unparsable,
  unreadableForm,
  refusedForm,
  severalKeys,
  encryptedKey,
  pemRequired,
  trailingNul,
  setIncomplete,
  keyMismatch,
  sameKeyTwice,
  fileMode,
  expired,
  expiresSoon,
  notYetValid,
  notACa,
  leafAsCa,
  wrongPurpose,
  chainOrder,
  chainTooLong,
  pathLength,
  chainUnrelated,
  chainIncomplete,
  unsupportedAlgorithm,
  weakKey,
  longKey,
  weakSignature,
  testMaterial,
] as const satisfies readonly Check[];

/** A code that a check raises. */
export type CheckCode = (typeof own)[number]['code'];

/** Every check. */
export const checks: Check[] = [...own];

/** Returns what all checks find, file by file in the order of the slots; what concerns no file comes first. */
export function runChecks(context: CheckContext): Diagnostic[] {
  const found = checks.flatMap((check) => check.run(context).map((finding) => diagnosticOf(check, finding)));
  const order = new Map(context.slots.map(({ file }, index) => [file, index]));
  const positionOf = ({ place }: Diagnostic) => (place === undefined ? -1 : (order.get(place.file) ?? -1));
  return found.sort((a, b) => positionOf(a) - positionOf(b));
}

function diagnosticOf(check: Check, { slot, object, message, ...details }: Finding): Diagnostic {
  const place = slot && placeOf(slot, object);
  return diagnostic(check, message, { ...details, place, partition: slot?.partition });
}
