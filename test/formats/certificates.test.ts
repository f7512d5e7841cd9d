import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { nodeRoots } from '../../src/commands/certs/roots.ts';
import { certificatesIn } from '../../src/formats/certificates.ts';
import { chainsOf, issuersAmong } from '../../src/pki/chains.ts';
import { findCa } from '../../src/pki/find-ca.ts';
import { certificateLines } from '../../src/report/certificate.ts';
import { chain, made, now } from '../support/chain.ts';
import { fixtures } from '../support/paths.ts';

const faults = join(fixtures, 'pki/faults');
const files = [
  ...readdirSync(faults).map((name) => readFileSync(join(faults, name))),
  readFileSync(join(fixtures, 'golden/atpki/chain.bin')),
];

const certificatesOf = (...pems: { pem: string }[]) =>
  certificatesIn(Buffer.from(pems.map(({ pem }) => pem).join(''))).certificates;

test('damaged files give what can be read of them, and never an exception', async () => {
  const { leaf, middle } = await chain();
  const seeds = [
    ...files,
    Buffer.from(leaf.pem + middle.pem),
    Buffer.from(leaf.pem.replace(/-----.*-----/g, ''), 'base64'),
  ];
  const change = fc.record({ at: fc.nat(4000), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }), (seed, changes) => {
      const bytes = Buffer.from(seed);
      for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      const { certificates } = certificatesIn(bytes);
      for (const one of certificates) assert.ok(certificateLines(one, 'unknown', now()).length >= 6);
      const chains = chainsOf(certificates, issuersAmong(certificates));
      assert.equal(new Set(chains.flat()).size, certificates.length);
      findCa(certificates, certificates, now());
    }),
    { numRuns: 2000 },
  );
});

test('two CAs that signed one another come to an end, and each stands in one chain', async () => {
  const one = await made('one', undefined);
  const two = await made('two', one);
  const back = await made('one', two, { key: one.key });
  const leaf = await made('leaf', back, { role: 'server' });
  const certificates = certificatesOf(leaf, two, back);
  const chains = chainsOf(certificates, issuersAmong(certificates));
  assert.deepEqual(
    chains.map((each) => each.map(({ subject }) => subject.text.slice(-4).trim())),
    [['leaf', '=one', '=two']],
  );
  assert.equal(findCa(certificates, [], now()).ok, false);
});

test('every root of Node is read, accepted by name and signature, and found for itself', () => {
  const roots = nodeRoots();
  assert.ok(roots.length > 50);
  const issuerOf = issuersAmong(roots);
  for (const root of roots) assert.equal(issuerOf(root), root, root.subject.text);
});
