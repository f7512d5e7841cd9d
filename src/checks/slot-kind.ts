import type { What } from '../formats/identify.ts';
import { formats } from '../formats/index.ts';
import { wrappingOf } from '../pki/wrapping.ts';
import { defineCheck } from './check.ts';
import type { Slot, SlotKind } from './context.ts';
import { exposesKey } from './private-key-exposed.ts';

const wanted: Record<SlotKind, string> = { ca: 'a CA certificate', cert: 'a certificate', key: 'a private key' };

const articles: Readonly<Partial<Record<What, string>>> = {
  chain: 'a chain of certificates',
  mixed: 'several things',
  'NVS image': 'an NVS image',
  unknown: 'a PEM file of a kind not known here',
  parameters: 'parameters without a key',
};

/** Returns the hint for a container, a request or a public key. */
function remedyOf({ kind, identified: { what, encoding } }: Slot): string | undefined {
  switch (what) {
    case 'PKCS #12':
      return kind === 'key'
        ? 'take the key out of it: openssl pkcs12 -in FILE -nocerts -nodes -out NEW'
        : 'take the certificates out of it: openssl pkcs12 -in FILE -nokeys -out NEW';
    case 'PKCS #7':
      return `take the certificates out of it: openssl pkcs7 ${encoding === 'DER' ? '-inform DER ' : ''}-in FILE -print_certs -out NEW`;
    case 'certificate request':
      return 'put the certificate here that your CA made from this request';
    case 'public key':
      return 'the device cannot use a public key alone: use the private key or the certificate';
    default:
      return undefined;
  }
}

const repack = 'put the file here that it was packed from; at-pki extract gives it back';

/** A file of another kind than its slot takes. What is no known kind of file at all is for `unparsable`. */
export const slotKind = defineCheck({
  code: 'slot-kind',
  severity: 'error',
  summary: 'A file is of another kind than its slot takes.',
  explain: async () => ({
    meaning: 'The firmware looks for one kind of object in each slot, does not find it and answers ERROR.',
    cause: 'Files were mixed up, or come in a container such as PKCS #12, as Windows and browsers export it.',
    remedy:
      'Put the right file there. Take certificate and key out of a container: openssl pkcs12 -in FILE -nodes -out FILE.pem; then store each in a file of its own. `at-pki inspect FILE` shows what a file holds.',
    source: 'ESP-AT, "How to Update PKI Configuration".',
  }),
  run: ({ slots }) =>
    slots.filter(isOfWrongKind).map((slot) => {
      const { what } = slot.identified;
      const packed = Object.values(formats).some(({ title }) => title === what);
      const found = `${articles[what] ?? `a ${what}`}${packed ? ', already packed' : ''}`;
      const message = `${slot.name} is ${found}; ${slot.partition} takes ${wanted[slot.kind]}`;
      const fallback = packed ? repack : slot.kind === 'key' ? 'put the private key here' : 'put the certificate here';
      return { slot, message, hint: remedyOf(slot) ?? fallback };
    }),
});

function isOfWrongKind(slot: Slot): boolean {
  const { what, objects } = slot.identified;
  if (['text', 'data', 'empty', 'oversize'].includes(what) || exposesKey(slot)) return false;
  // `unparsable` tells what it is.
  if (what === 'unknown' && wrappingOf(slot.bytes) !== undefined) return false;
  // The firmware looks for the block it needs and passes over others.
  const type = slot.kind === 'key' ? 'private key' : 'certificate';
  return !objects.some((object) => object.type === type);
}
