/**
 * The keys by which the firmware looks for certificates in mfg_nvs: of these sets two (or more) by `<namespace>.<index>`,
 * from 0 and without a gap; of all others one, by a key that equals its namespace.
 */
const indexedSets = /^(client|wss|https)_/;
const singleSets = /^(server|mqtt|wpa2|wpa_ent)_/;

/** The namespace of the BLE services, whose keys are `cfg0`, `cfg1`, … */
export const bleNamespace = 'ble_data';
/** The namespace of the factory parameters. */
export const factoryNamespace = 'factory_param';

export type Slots = 'indexed' | 'single' | 'unknown';

/** How the firmware looks for what is in a namespace. */
export function slotsOf(namespace: string): Slots {
  if (indexedSets.test(namespace)) return 'indexed';
  return singleSets.test(namespace) ? 'single' : 'unknown';
}

/** The keys of a namespace with so many files, by what the firmware looks up. */
export function keysOf(namespace: string, files: number): string[] {
  const isIndexed = slotsOf(namespace) === 'indexed' || files > 1;
  return Array.from({ length: files }, (_, index) => (isIndexed ? `${namespace}.${index}` : namespace));
}

/**
 * What esp-at's own script makes of a folder: which files it takes, and the keys it gives them. It counts every entry of
 * the folder, so that one stray file turns `server_ca` into `server_ca.0`.
 */
export function referenceKeys(namespace: string, listing: readonly string[]): Map<string, string> {
  const taken = listing.filter((name) => /\.(crt|key|pem)$/.test(name));
  return new Map(taken.map((name, index) => [name, listing.length === 1 ? namespace : `${namespace}.${index}`]));
}

/** The names of Wi-Fi Enterprise before they were changed on master; CONFIG_AT_EAP_LEGACY_NAMESPACE_SUPPORT keeps them. */
export const legacyName = (namespace: string): string => namespace.replace(/^wpa_ent_(ca|cert|key)$/, 'wpa2_$1');
