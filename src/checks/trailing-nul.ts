import { releaseNumber } from '../firmware/release.ts';
import { defineCheck } from './check.ts';

/**
 * The firmware puts a NUL behind each item, which mbedTLS needs to take it for PEM; from v2.2 to v3.1 not for Wi-Fi
 * Enterprise, where reading it fails with -0x2180.
 */
export const trailingNul = defineCheck({
  code: 'trailing-nul',
  severity: 'warning',
  summary: 'A file needs a NUL at its end on the release that it is for.',
  explain: async () => ({
    meaning: 'From v2.2 to v3.1, Wi-Fi Enterprise passes a file on without a NUL, and mbedTLS fails with -0x2180.',
    cause: 'Files end without a NUL; everywhere else the firmware appends one.',
    remedy:
      'Append one: printf \'\\0\' >> FILE. Or set `"nul": true` on the partition in the config, or update to a later release.',
    source: 'mbedTLS, mbedtls_x509_crt_parse: PEM must be NUL-terminated; ESP-AT v2.2 to v3.1.',
  }),
  run: ({ slots, target }) => {
    const release = releaseNumber(target.release);
    if (release === undefined || release < 202 || release > 301) return [];
    return slots
      .filter(({ set, identified }) => /^wpa(2|_ent)$/.test(set) && identified.pem?.trailingNul === false)
      .map((slot) => {
        const message = `${slot.name} has no NUL at its end, which ESP-AT ${target.release} needs for Wi-Fi Enterprise (-0x2180)`;
        return { slot, hint: "append one: printf '\\0' >> FILE", message, deviceCodes: ['-0x2180'] };
      });
  },
});
