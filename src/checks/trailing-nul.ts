import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import { releaseNumber } from '../firmware/release.ts';
import { at, type Check } from './context.ts';

/**
 * The firmware puts a NUL behind each item, which mbedTLS needs to take it for PEM; from v2.2 to v3.1 not for Wi-Fi
 * Enterprise, where reading it fails with -0x2180.
 */
export const trailingNul: Check = ({ slots, target }) => {
  const release = releaseNumber(target.release);
  if (release === undefined || release < 202 || release > 301) return [];
  return slots
    .filter(({ set, identified }) => /^wpa(2|_ent)$/.test(set) && identified.pem?.trailingNul === false)
    .map((slot) => {
      const message = `${slot.name} has no NUL at its end, which ESP-AT ${target.release} needs for Wi-Fi Enterprise (-0x2180)`;
      return diagnostic('trailing-nul', message, { ...at(slot), hint: 'set "nul": true on its slot in the config' });
    });
};
