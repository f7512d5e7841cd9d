import { randomFrom } from '../support/random.ts';
import type { Case, Kinds } from './cases.ts';
import { bundleKinds } from './kinds/bundles.ts';
import { chainKinds } from './kinds/chains.ts';
import { dateKinds } from './kinds/dates.ts';
import { extensionKinds } from './kinds/extensions.ts';
import { fieldKinds } from './kinds/fields.ts';
import { nameKinds } from './kinds/names.ts';
import { peerKinds } from './kinds/peers.ts';
import { privateKeyKinds } from './kinds/private-keys.ts';
import { publicKeyKinds } from './kinds/public-keys.ts';
import { textKinds } from './kinds/texts.ts';

const kinds: Kinds = {
  ...extensionKinds,
  ...fieldKinds,
  ...nameKinds,
  ...dateKinds,
  ...chainKinds,
  ...bundleKinds,
  ...privateKeyKinds,
  ...publicKeyKinds,
  ...peerKinds,
  ...textKinds,
};

/** Makes the cases of each kind. A seed gives the same ones every time, but for the random part of EC signatures. */
export function generate(seed: number): ReadonlyMap<string, readonly Case[]> {
  // By its name, so that a further kind leaves the others as they are.
  const seedOf = (kind: string) => Buffer.from(kind).reduce((sum, byte) => (sum * 31 + byte) >>> 0, seed);
  return new Map(Object.entries(kinds).map(([kind, make]) => [kind, make(randomFrom(seedOf(kind)))]));
}
