import { defineCheck } from './check.ts';
import type { Slot } from './context.ts';
import { isTestMaterial } from './espressif-test-keys.ts';

/** Certificates and keys that come with esp-at for trying things out: everybody has their private keys. */
export const testMaterial = defineCheck({
  code: 'test-material',
  severity: 'warning',
  summary: "A file is one of Espressif's public test certificates and keys.",
  explain: async () => ({
    meaning: 'It works, and protects nothing: its private key is public.',
    cause: 'The files come with esp-at and have not been replaced yet.',
    remedy: 'Replace it with your own before shipping. For development: `at-pki certs create client server`.',
    source: 'esp-at, components/customized_partitions/raw_data/.',
  }),
  run: ({ slots }) =>
    slots.filter(isTestSlot).map((slot) => {
      const object = slot.identified.objects.find((object) => fingerprintsOf(object).some(isTestMaterial));
      const message = `${slot.name} is one of Espressif's public test files: its private key is public`;
      const hint = 'replace it with your own before shipping';
      return { slot, object, message, hint };
    }),
});

const isTestSlot = ({ identified }: Slot): boolean =>
  identified.objects.some((object) => fingerprintsOf(object).some(isTestMaterial));

const fingerprintsOf = ({ certificate, privateKey }: Slot['identified']['objects'][number]): string[] =>
  [certificate?.publicKey.spkiSha256, privateKey?.spkiSha256].filter((one) => one !== undefined);
