import type { KeyObject } from 'node:crypto';
import { certificatePem, extensionsDer, keyPem, type Order } from '../support/certificate.ts';
import type { randomFrom } from '../support/random.ts';
import { keys } from './keys.ts';

/** What the device is; `mqtt` is a client whose files travel as text. */
export type Role = 'client' | 'server' | 'mqtt';

/** The device proves its identity to a peer that trusts `roots`. */
interface OwnTrial {
  readonly type: 'own';
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
  readonly roots: Uint8Array;
}

/** The device verifies peers by a CA. */
interface CaTrial {
  readonly type: 'ca';
  readonly ca: Uint8Array;
  /** The chain of each peer, PEM. */
  readonly peers: readonly Uint8Array[];
}

/** The device verifies a server, which sends this chain, by a CA of which nothing is wrong. */
interface PeerTrial {
  readonly type: 'peer';
  readonly chain: Uint8Array;
  readonly key: KeyObject;
  readonly roots: Uint8Array;
}

/** A trial with its label, which is unique within its kind. */
export type Case = { readonly label: string; readonly role: Role } & (OwnTrial | CaTrial | PeerTrial);

/** Makes the cases of one kind. */
export type Kind = (next: ReturnType<typeof randomFrom>) => readonly Case[];
export type Kinds = Readonly<Record<string, Kind>>;

/** When all trials take place. */
export const now = new Date('2026-06-01T12:00:00Z');

export const root: Order = { subject: 'test root', key: keys.root, ca: true, maySign: true, serial: 1 };
export const leaf: Order = { ...signedBy(root), subject: 'device', key: keys.own, serial: 100 };

/** The part of an order that says who signs. */
export function signedBy(issuer: Order): Pick<Order, 'issuer' | 'issuerKey'> {
  return { issuer: issuer.subject, issuerKey: issuer.key };
}

/** An order with these extensions alone. */
export const withExtensions = (order: Order, ...extensions: readonly Uint8Array[]): Order => ({
  ...order,
  fields: { ...order.fields, extensions: extensionsDer(extensions) },
});

type Pem = Uint8Array | Order | readonly Order[];
const pem = (content: Pem): Uint8Array =>
  content instanceof Uint8Array ? content : certificatePem(...(isList(content) ? content : [content]));
const isList = (content: Order | readonly Order[]): content is readonly Order[] => Array.isArray(content);

interface OwnDetails {
  readonly role?: Role;
  readonly key?: KeyObject | Uint8Array;
  readonly roots?: Pem;
}

/** The device's own certificate or chain; the key is that of the leaf if not given. */
export function own(
  label: string,
  cert: Pem,
  { role = 'client', key = keys.own, roots = root }: OwnDetails = {},
): Case {
  const file = key instanceof Uint8Array ? key : keyPem(key);
  return { type: 'own', label, role, cert: pem(cert), key: file, roots: pem(roots) };
}

interface CaDetails {
  readonly role?: Role;
  /** CAs that sign a peer each; those of the file if not given. */
  readonly signers?: readonly Order[];
}

/** A file of CAs and a peer signed by each. */
export function ca(label: string, content: Pem, { role = 'client', signers }: CaDetails = {}): Case {
  const inFile = content instanceof Uint8Array ? [root] : isList(content) ? content : [content];
  const peers = (signers ?? inFile).map((issuer, index) =>
    pem({ ...signedBy(issuer), ...issuerField(issuer), subject: 'peer', key: keys.other, serial: 200 + index }),
  );
  return { type: 'ca', label, role, ca: pem(content), peers };
}

/** The chain of a server, whose certificate is the first. */
export const peer = (label: string, chain: readonly Order[]): Case => {
  return { type: 'peer', label, role: 'client', chain: pem(chain), key: chain[0]?.key ?? keys.own, roots: pem(root) };
};

/** Where the subject of an issuer was written by hand, what it signs names it the same way. */
function issuerField({ fields }: Order): Pick<Order, 'fields'> {
  return fields?.subject === undefined ? {} : { fields: { issuer: fields.subject } };
}

/** The same fields in the device's own certificate and in a CA. */
export const inBoth = (label: string, fields: Order['fields']): Case[] => [
  own(label, { ...leaf, fields }),
  ca(label, { ...root, fields }),
];
