import {
  childrenOf,
  contentOf,
  type DerElement,
  elementWithin,
  hexDigits,
  oidText,
  smallInteger,
  tags,
} from './der.ts';
import type { Refusal } from './refusal.ts';

/** Extensions of a certificate (RFC 5280, 4.2.1), and why mbedTLS rejects them. */
export interface Extensions {
  /** `undefined` where there is no basicConstraints extension. */
  readonly isCa: boolean | undefined;
  /** Maximum number of CAs between this one and a leaf; absent without a limit. */
  readonly pathLength?: number;
  readonly keyUsage?: KeyUsage;
  /** OIDs; absent where the certificate is for any purpose. */
  readonly purposes?: readonly string[];
  /** Hex digits. */
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  readonly refusals: readonly Refusal[];
}

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly keyEncipherment: boolean;
  readonly keyAgreement: boolean;
  readonly keyCertSign: boolean;
}

const ids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  netscapeCertType: '2.16.840.1.113730.1.1',
} as const;

/** The purposes of certificates in TLS (RFC 5280, 4.2.1.12). */
export const purposes = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  any: '2.5.29.37.0',
} as const;

/** Extensions that are often critical and that mbedTLS does not know, by the names that OpenSSL gives them. */
const unknownNames: ReadonlyMap<string, string> = new Map([
  ['2.5.29.18', 'issuerAltName'],
  ['2.5.29.30', 'nameConstraints'],
  ['2.5.29.31', 'cRLDistributionPoints'],
  ['2.5.29.33', 'policyMappings'],
  ['2.5.29.36', 'policyConstraints'],
  ['2.5.29.54', 'inhibitAnyPolicy'],
  ['1.3.6.1.5.5.7.1.1', 'authorityInfoAccess'],
  ['1.3.6.1.5.5.7.1.24', 'tlsfeature (OCSP must-staple)'],
]);

const anyPolicy = '2.5.29.32.0';

interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** The OCTET STRING around the value. */
  readonly value: DerElement;
}

/** Reads the block of extensions; undefined where it is malformed. Without a block, nothing is said. */
export function readExtensions(der: Uint8Array, block: DerElement | undefined): Extensions | undefined {
  const all: Extension[] = [];
  const list = elementWithin(der, block);
  for (const element of childrenOf(der, list)) {
    const [oid, ...rest] = childrenOf(der, element);
    // `critical` may stand before the value or not.
    const flag = rest.length === 2 && rest[0]?.tag === tags.boolean ? rest[0] : undefined;
    const value = flag ? rest[1] : rest[0];
    if (oid?.tag !== tags.oid || value?.tag !== tags.octetString || rest.at(-1) !== value) return undefined;
    all.push({ oid: oidText(der, oid), critical: flag !== undefined && der[flag.content] !== 0, value });
  }
  const lastValue = (oid: string): DerElement | undefined => {
    const found = all.findLast((extension) => extension.oid === oid);
    return found && elementWithin(der, found.value);
  };
  const constraints = lastValue(ids.basicConstraints);
  const usage = lastValue(ids.keyUsage);
  const extended = lastValue(ids.extendedKeyUsage);
  const subject = lastValue(ids.subjectKeyId);
  const authority = childrenOf(der, lastValue(ids.authorityKeyId)).find(({ tag }) => tag === 0x80);
  return {
    isCa: constraints && saysCa(der, constraints),
    pathLength: smallInteger(der, childrenOf(der, constraints).at(-1)),
    keyUsage: usage && keyUsageOf(der, usage),
    purposes: extended && childrenOf(der, extended).map((purpose) => oidText(der, purpose)),
    subjectKeyId: subject ? hexDigits(contentOf(der, subject)) : undefined,
    authorityKeyId: authority ? hexDigits(contentOf(der, authority)) : undefined,
    refusals: [...blockRefusals(block, list), ...refusalsOf(der, all)],
  };
}

/** BasicConstraints: cA is a BOOLEAN, false where it is left out. */
function saysCa(der: Uint8Array, constraints: DerElement): boolean {
  const [first] = childrenOf(der, constraints);
  return first?.tag === tags.boolean && der[first.content] !== 0;
}

/** Bits count from the left, in the bytes behind the count of unused bits. */
function keyUsageOf(der: Uint8Array, usage: DerElement): KeyUsage {
  const bits = usage.end > usage.content + 1 ? (der[usage.content + 1] ?? 0) : 0;
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return {
    digitalSignature: has(0x80),
    keyEncipherment: has(0x20),
    keyAgreement: has(0x08),
    keyCertSign: has(0x04),
  };
}

/** The field [3] holds one SEQUENCE and nothing else. */
function blockRefusals(block: DerElement | undefined, list: DerElement | undefined): Refusal[] {
  if (block === undefined || (list?.tag === tags.sequence && list.end === block.end)) return [];
  return [
    { message: 'has extensions that are not a list, or data after the list', codes: ['-0x2566', '-0x2562', '-0x2560'] },
  ];
}

/** Returns what x509_get_crt_ext (x509_crt.c) rejects. */
function refusalsOf(der: Uint8Array, all: readonly Extension[]): Refusal[] {
  const seen = new Set<string>();
  return all.flatMap(({ oid, critical, value }): Refusal[] => {
    const rule = rules.get(oid);
    if (rule === undefined) return critical ? [unknownCritical(oid)] : [];
    const { name, code, isNew } = rule;
    if (seen.has(oid))
      return [{ message: `has the extension ${name} twice`, codes: ['-0x2500'], by: isNew && withNew }];
    seen.add(oid);
    const inner = elementWithin(der, value);
    if (inner?.end !== value.end || !rule.isSound(der, inner)) {
      return [{ message: `has a malformed extension ${name}`, codes: [code], by: isNew && withNew }];
    }
    if (!critical) return [];
    if (isNew) return [{ ...unknownCritical(oid, name), by: withoutNew }];
    return oid === ids.certificatePolicies && !isAnyPolicy(der, inner) ? [criticalPolicy] : [];
  });
}

const withNew = ['3.6'] as const;
const withoutNew = ['2.16', '3.x'] as const;

const unknownCritical = (oid: string, name = unknownNames.get(oid) ?? oid): Refusal => ({
  message: `has the critical extension ${name}, which mbedTLS does not know`,
  codes: ['-0x2562'],
});

const criticalPolicy: Refusal = {
  message: 'has the critical extension certificatePolicies with a policy that mbedTLS does not know',
  codes: ['-0x2080', '-0x2562'],
};

const isAnyPolicy = (der: Uint8Array, policies: DerElement): boolean =>
  childrenOf(der, policies).every((policy) => oidText(der, childrenOf(der, policy)[0]) === anyPolicy);

interface Rule {
  readonly name: string;
  /** Number that mbedTLS returns for a malformed one. */
  readonly code: string;
  /** Those before 3.5 do not know the extension. */
  readonly isNew?: true;
  /** Judges the value, which is known to fill its OCTET STRING. */
  isSound(der: Uint8Array, value: DerElement): boolean;
}

/** A SEQUENCE of at least `least` elements, each with a tag that passes. */
const sequenceOf =
  (least: number, isElement: (tag: number) => boolean): Rule['isSound'] =>
  (der, value) => {
    const all = childrenOf(der, value);
    const isWhole = (all.at(-1)?.end ?? value.content) === value.end;
    return value.tag === tags.sequence && isWhole && all.length >= least && all.every(({ tag }) => isElement(tag));
  };

const sizeOf = ({ content, end }: DerElement): number => end - content;

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [ids.basicConstraints, { name: 'basicConstraints', code: '-0x2566', isSound: isSoundConstraints }],
  [
    ids.extendedKeyUsage,
    { name: 'extendedKeyUsage', code: '-0x2564', isSound: sequenceOf(1, (tag) => tag === tags.oid) },
  ],
  [
    ids.subjectAltName,
    { name: 'subjectAltName', code: '-0x2566', isSound: sequenceOf(0, (tag) => (tag & 0xc0) === 0x80) },
  ],
  [ids.certificatePolicies, { name: 'certificatePolicies', code: '-0x2564', isSound: isSoundPolicies }],
  [ids.keyUsage, { name: 'keyUsage', code: '-0x2564', isSound: isSoundUsage }],
  [
    ids.netscapeCertType,
    { name: 'nsCertType', code: '-0x2564', isSound: (_, value) => value.tag === tags.bitString && sizeOf(value) === 2 },
  ],
  [
    ids.subjectKeyId,
    {
      name: 'subjectKeyIdentifier',
      code: '-0x2562',
      isNew: true,
      isSound: (_, value) => value.tag === tags.octetString,
    },
  ],
  [
    ids.authorityKeyId,
    {
      name: 'authorityKeyIdentifier',
      code: '-0x2562',
      isNew: true,
      isSound: (_, value) => value.tag === tags.sequence,
    },
  ],
]);

function isSoundUsage(der: Uint8Array, value: DerElement): boolean {
  return value.tag === tags.bitString && sizeOf(value) > 1 && (der[value.content] ?? 8) < 8;
}

/** SEQUENCE of SEQUENCE { OID, … } */
function isSoundPolicies(der: Uint8Array, value: DerElement): boolean {
  if (!sequenceOf(1, (tag) => tag === tags.sequence)(der, value)) return false;
  return childrenOf(der, value).every((policy) => childrenOf(der, policy)[0]?.tag === tags.oid);
}

/** SEQUENCE { cA BOOLEAN OPTIONAL, pathLen INTEGER OPTIONAL }, and nothing behind either. */
function isSoundConstraints(der: Uint8Array, value: DerElement): boolean {
  if (value.tag !== tags.sequence) return false;
  const all = childrenOf(der, value);
  const length = all.at(-1);
  if (length?.tag === tags.integer && smallInteger(der, length) === undefined) return false;
  const kinds = all.map(({ tag }) => tag);
  return [[], [tags.boolean], [tags.integer], [tags.boolean, tags.integer]].some(
    (sound) => sound.length === kinds.length && sound.every((tag, index) => tag === kinds[index]),
  );
}
