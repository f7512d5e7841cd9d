// Kinds of cases in which check and mbedTLS differ, each with the reason.

export type Severity = 'clean' | 'warning' | 'error';

/** Kinds in which check may also say something else, since more counts than mbedTLS 2.28 on this day. */
export const byDesign: Readonly<Record<string, { also: Severity; reason: string }>> = {
  'private key among certificates': { also: 'error', reason: 'everybody who gets the certificate gets the key' },
  'not yet valid': { also: 'warning', reason: 'the device accepts it from its first day on' },
  'k1 curve': { also: 'error', reason: 'mbedTLS 3.6 refuses it' },
  'key of a server': { also: 'error', reason: 'mbedTLS 3.6 refuses P-192' },
  'key of the issuer of a server': { also: 'error', reason: 'mbedTLS 3.6 refuses P-192 and k1 curves' },
  'signature of a server': { also: 'error', reason: 'mbedTLS 3.6 refuses SHA-224' },
  'compressed point': { also: 'warning', reason: 'mbedTLS 3 reads it' },
  'critical key identifier': { also: 'warning', reason: 'mbedTLS 3 reads it' },
  'year 0': { also: 'error', reason: 'no other program reads it' },
  'serial number': { also: 'error', reason: 'other programs do not read what is no integer' },
  'damaged certificate': { also: 'error', reason: 'damage of which mbedTLS sees nothing is damage all the same' },
  'damaged RSA key': { also: 'error', reason: 'as of a certificate' },
  'damaged EC key': { also: 'error', reason: 'as of a certificate' },
};
