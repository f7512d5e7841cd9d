import type { MbedTls } from '../firmware/mbedtls.ts';

/** Reason for which mbedTLS rejects a certificate or key that other programs read. */
export interface Refusal {
  /** A clause about it: `has the critical extension nameConstraints, which mbedTLS does not know`. */
  readonly message: string;
  /** Numbers that mbedTLS returns, as the device prints them: `-0x2562`. */
  readonly codes: readonly string[];
  /** Hint, if the usual one of the check does not apply. */
  readonly hint?: string;
  /** Versions that reject it. Default: all. */
  readonly by?: readonly MbedTls[];
}
