import type { Code } from '../core/diagnostics/codes.ts';
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import { chainIncomplete } from './chain-incomplete.ts';
import { chainOrder } from './chain-order.ts';
import { chainUnrelated } from './chain-unrelated.ts';
import type { Check, CheckContext } from './context.ts';
import { emptyFile } from './empty-file.ts';
import { encryptedKey } from './encrypted-key.ts';
import { expired } from './expired.ts';
import { expiresSoon } from './expires-soon.ts';
import { fileMode } from './file-mode.ts';
import { keyMismatch } from './key-mismatch.ts';
import { leafAsCa } from './leaf-as-ca.ts';
import { notACa } from './not-a-ca.ts';
import { notYetValid } from './not-yet-valid.ts';
import { pemRequired } from './pem-required.ts';
import { privateKeyExposed } from './private-key-exposed.ts';
import { sameKeyTwice } from './same-key-twice.ts';
import { setIncomplete } from './set-incomplete.ts';
import { slotKind } from './slot-kind.ts';
import { testMaterial } from './test-material.ts';
import { trailingNul } from './trailing-nul.ts';
import { unparsable } from './unparsable.ts';
import { unreadableForm } from './unreadable-form.ts';
import { unsupportedAlgorithm } from './unsupported-algorithm.ts';
import { weakKey } from './weak-key.ts';
import { weakSignature } from './weak-signature.ts';

/** Every check, by the code of what it finds. A further one is a file beside this and a line here. */
export const checks = {
  'empty-file': emptyFile,
  'slot-kind': slotKind,
  'private-key-exposed': privateKeyExposed,
  unparsable,
  'unreadable-form': unreadableForm,
  'encrypted-key': encryptedKey,
  'pem-required': pemRequired,
  'trailing-nul': trailingNul,
  'set-incomplete': setIncomplete,
  'key-mismatch': keyMismatch,
  'same-key-twice': sameKeyTwice,
  'file-mode': fileMode,
  expired,
  'expires-soon': expiresSoon,
  'not-yet-valid': notYetValid,
  'not-a-ca': notACa,
  'leaf-as-ca': leafAsCa,
  'chain-order': chainOrder,
  'chain-unrelated': chainUnrelated,
  'chain-incomplete': chainIncomplete,
  'unsupported-algorithm': unsupportedAlgorithm,
  'weak-key': weakKey,
  'weak-signature': weakSignature,
  'test-material': testMaterial,
} as const satisfies Partial<Record<Code, Check>>;

/** What all checks have to say, file by file in the order of the slots; what concerns no file comes first. */
export function runChecks(context: CheckContext): Diagnostic[] {
  const found = Object.values(checks).flatMap((check: Check) => check(context));
  const order = new Map(context.slots.map(({ file }, index) => [file, index]));
  const positionOf = ({ place }: Diagnostic) => (place === undefined ? -1 : (order.get(place.file) ?? -1));
  return found.sort((a, b) => positionOf(a) - positionOf(b));
}
