import type { MbedTls } from '../firmware/mbedtls.ts';

/** Why mbedTLS does not take a certificate or key that is sound otherwise. */
export interface Refusal {
  /** A clause about it: `has the critical extension nameConstraints, which mbedTLS does not know`. */
  readonly message: string;
  /** What mbedTLS returns, as the device prints it: `-0x2562`. */
  readonly codes: readonly string[];
  /** What to do about it, where that is not the usual. */
  readonly hint?: string;
  /** Those that refuse it. Default: every one. */
  readonly by?: readonly MbedTls[];
}
