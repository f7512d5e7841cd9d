/** A number of mbedTLS. */
export interface MbedTlsCode {
  /** Without `MBEDTLS_ERR_`. */
  readonly name: string;
  /** A sentence. */
  readonly meaning: string;
  /** Codes of at-pki that find the cause in the files. */
  readonly findings?: readonly string[];
}

export const at = (name: string, meaning: string, ...findings: readonly string[]): MbedTlsCode => ({
  name,
  meaning,
  findings,
});
