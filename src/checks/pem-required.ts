import { formats } from '../formats/index.ts';
import { defineCheck } from './check.ts';
import type { Slot } from './context.ts';
import { canonicalPem, judged } from './refusals.ts';

/**
 * DER where the firmware reads PEM alone: MQTT passes everything on as text, and since the firmware puts a NUL behind
 * each item, newer mbedTLS refuses keys in DER. In NVS images, DER is turned into PEM as it is packed.
 */
export const pemRequired = defineCheck({
  code: 'pem-required',
  severity: 'warning',
  summary: 'A file is DER where the device reads only PEM.',
  explain: async () => ({
    meaning: 'MQTT passes everything on as text, and newer firmware rejects keys in DER (-0x3d00).',
    cause: 'The file was exported in binary form.',
    remedy:
      'Convert it: openssl x509 -inform DER -in FILE -out FILE.pem (keys: openssl pkey). Or `"normalize": { "pem": "canonical" }` in the config. NVS images always get PEM.',
    source: 'esp-mqtt, client_cert_pem; mbedTLS, pk_parse_key with the length that includes the NUL.',
  }),
  run: ({ slots, target }) =>
    slots
      .filter((slot) => formats[target.format].addsNul && slot.identified.encoding === 'DER' && isConcerned(slot))
      .map((slot) => {
        const isMqtt = slot.set === 'mqtt';
        const verdict = isMqtt ? undefined : judged(['3.6'], target);
        const severity = isMqtt ? ('error' as const) : verdict?.severity;
        const who = verdict?.who ?? 'newer firmware';
        const reason = isMqtt
          ? 'MQTT reads only PEM'
          : `${who} read${who === 'the device' || verdict === undefined ? 's' : ''} keys only as PEM`;
        const deviceCodes = slot.kind === 'key' ? ['-0x3d00'] : ['-0x2180'];
        return { slot, severity, message: `${slot.name} is DER; ${reason}`, hint: canonicalPem, deviceCodes };
      }),
});

function isConcerned({ kind, set, identified: { objects } }: Slot): boolean {
  const [object] = objects;
  if (object === undefined || object.problem !== undefined || object.encrypted) return false;
  return kind === 'key' ? object.type === 'private key' : set === 'mqtt' && object.type === 'certificate';
}
