import type { ObjectFault, PkiObject } from '../pki/object.ts';
import { defineCheck } from './check.ts';
import type { Slot } from './context.ts';

const explained: Readonly<Record<ObjectFault, string>> = {
  'utf-16': 'is written in UTF-16',
  'bare-base64': 'has no BEGIN and END lines',
  'one-line': 'stands on one line',
  'cr-only': 'ends its lines by CR alone',
  indented: 'is indented',
  spaces: 'has spaces within its lines',
  escaped: 'has its line ends written as \\n, two characters',
  headers: 'has header lines in its block',
  label: 'is labelled in a way that the device does not look for',
  nul: 'has a zero byte before its end',
};

const remedies: Readonly<Partial<Record<ObjectFault, string>>> = {
  'utf-16': 'save it as UTF-8 or ASCII (PowerShell 5 writes UTF-16 by > redirection: use Out-File -Encoding ascii)',
  'bare-base64': 'put the lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE----- around it, or those of a key',
  escaped: 'replace each \\n by a line end',
  label: 'write it anew: openssl x509 -in FILE -out NEW',
};

/** PEM that people and OpenSSL read, and the reader of the firmware (mbedTLS) does not. */
export const unreadableForm = defineCheck({
  code: 'unreadable-form',
  severity: 'error',
  summary: 'A PEM file is laid out in a way that the device cannot read.',
  explain: async () => ({
    meaning:
      'The PEM reader of the firmware (mbedTLS) is stricter than OpenSSL: it finds no certificate at all (-0x1080).',
    cause: 'The text was copied out of JSON, YAML or a terminal, or written by PowerShell, which uses UTF-16.',
    remedy:
      'Rewrite it: openssl x509 -in FILE -out NEW (keys: openssl pkey). Or let the build do it: `"normalize": { "pem": "canonical" }` in the config.',
    source: 'mbedTLS, library/pem.c; RFC 7468.',
  }),
  run: ({ slots }) =>
    slots.flatMap((slot) => {
      const object = slot.identified.objects.find((one) => isConcerned(slot, one));
      if (object?.fault === undefined) return [];
      const label = object.label === undefined || object.fault !== 'label' ? '' : ` (${object.label})`;
      const message = `${slot.name} ${explained[object.fault]}${label}: the device cannot read that`;
      const tool = slot.kind === 'key' ? 'pkey' : 'x509';
      const hint = remedies[object.fault] ?? `write it anew: openssl ${tool} -in FILE -out NEW`;
      return [{ slot, object, message, hint }];
    }),
});

const isConcerned = (slot: Slot, { type, fault, problem, encrypted }: PkiObject): boolean =>
  fault !== undefined &&
  problem === undefined &&
  !encrypted &&
  type === (slot.kind === 'key' ? 'private key' : 'certificate');
