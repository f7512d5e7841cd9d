import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { at, type Check, type Slot } from './context.ts';
import { espressifTestKeys } from './espressif-test-keys.ts';

/** Certificates and keys that come with esp-at for trying things out: everybody has their private keys. */
export const testMaterial: Check = ({ slots }) =>
  slots.filter(isTestSlot).map((slot) => {
    const object = slot.identified.objects.find((one) => fingerprintsOf(one).some(isTestMaterial));
    const message = `${slot.name} is one of Espressif's public test files: everybody has its private key`;
    const hint = 'replace it by your own before devices leave your desk';
    return diagnostic('test-material', message, { ...at(slot, object), hint });
  });

export const isTestMaterial = (spkiSha256: string): boolean => espressifTestKeys.has(spkiSha256);

const isTestSlot = ({ identified }: Slot): boolean =>
  identified.objects.some((object) => fingerprintsOf(object).some(isTestMaterial));

const fingerprintsOf = ({ certificate, privateKey }: Slot['identified']['objects'][number]): string[] =>
  [certificate?.publicKey.spkiSha256, privateKey?.spkiSha256].filter((one) => one !== undefined);
