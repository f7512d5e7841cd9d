import { at, type MbedTlsCode } from './code.ts';

/** Failures with a file (pem.h, x509.h, pk.h, rsa.h, ecp.h), by the number without its sign. */
export const fileFailures: ReadonlyMap<number, MbedTlsCode> = new Map([
  [
    0x1080,
    at(
      'PEM_NO_HEADER_FOOTER_PRESENT',
      'No BEGIN and END line was found: the file is not PEM that mbedTLS can read.',
      'unreadable-form',
      'unparsable',
      'pem-required',
      'slot-kind',
    ),
  ],
  [
    0x1100,
    at(
      'PEM_INVALID_DATA',
      'The text between BEGIN and END is not base64, or is truncated.',
      'unparsable',
      'unreadable-form',
    ),
  ],
  [
    0x1280,
    at('PEM_UNKNOWN_ENC_ALG', 'The key is encrypted in a way that the firmware does not know.', 'encrypted-key'),
  ],
  [0x1300, at('PEM_PASSWORD_REQUIRED', 'The key needs a password, and the firmware has none.', 'encrypted-key')],
  [0x1380, at('PEM_PASSWORD_MISMATCH', 'The key needs another password.', 'encrypted-key')],
  [
    0x2080,
    at(
      'X509_FEATURE_UNAVAILABLE',
      'The certificate uses something that this build of mbedTLS leaves out.',
      'refused-form',
    ),
  ],
  [
    0x2100,
    at(
      'X509_UNKNOWN_OID',
      'The certificate names an algorithm or attribute that mbedTLS does not know.',
      'unsupported-algorithm',
      'refused-form',
    ),
  ],
  [
    0x2180,
    at(
      'X509_INVALID_FORMAT',
      'The file is not a certificate, is damaged, or lacks the NUL after it.',
      'unparsable',
      'slot-kind',
      'trailing-nul',
      'refused-form',
      'pem-required',
    ),
  ],
  [0x2200, at('X509_INVALID_VERSION', 'The version of the certificate cannot be read.', 'unparsable', 'refused-form')],
  [0x2280, at('X509_INVALID_SERIAL', 'The serial number of the certificate cannot be read.', 'unparsable')],
  [
    0x2300,
    at('X509_INVALID_ALG', 'The algorithm of the signature cannot be read.', 'unparsable', 'unsupported-algorithm'),
  ],
  [
    0x2380,
    at('X509_INVALID_NAME', 'Subject or issuer has a form that mbedTLS does not read.', 'refused-form', 'unparsable'),
  ],
  [0x2400, at('X509_INVALID_DATE', 'A date of the certificate does not exist, or has no seconds.', 'unparsable')],
  [0x2480, at('X509_INVALID_SIGNATURE', 'The signature of the certificate cannot be read.', 'unparsable')],
  [
    0x2500,
    at(
      'X509_INVALID_EXTENSIONS',
      'An extension of the certificate is critical and not known, malformed, or there twice.',
      'refused-form',
    ),
  ],
  [0x2580, at('X509_UNKNOWN_VERSION', 'The certificate says that it is of a version above 3.', 'refused-form')],
  [
    0x2600,
    at(
      'X509_UNKNOWN_SIG_ALG',
      'The certificate is signed in a way that mbedTLS has no code for.',
      'unsupported-algorithm',
    ),
  ],
  [0x2680, at('X509_SIG_MISMATCH', 'The certificate names two algorithms for its one signature.', 'unparsable')],
  [
    0x2700,
    at(
      'X509_CERT_VERIFY_FAILED',
      'The certificate of the peer is not trusted: another CA, expired, the clock not set, another name, a weak key, or a chain that is too long.',
      'leaf-as-ca',
      'not-a-ca',
      'expired',
      'not-yet-valid',
      'weak-key',
      'weak-signature',
      'path-length',
      'chain-incomplete',
      'server-name',
    ),
  ],
  [
    0x2780,
    at('X509_CERT_UNKNOWN_FORMAT', 'The file is neither PEM nor DER.', 'unparsable', 'slot-kind', 'unreadable-form'),
  ],
  [0x2880, at('X509_ALLOC_FAILED', 'There was no memory to read the certificate.', 'chain-too-long')],
  [
    0x3000,
    at(
      'X509_FATAL_ERROR',
      'A function that looks at certificates refused one: the common name that the firmware was told to expect, for instance.',
    ),
  ],
  [
    0x3900,
    at(
      'PK_FEATURE_UNAVAILABLE',
      'The key uses something that this build of mbedTLS leaves out.',
      'unsupported-algorithm',
    ),
  ],
  [0x3a00, at('PK_UNKNOWN_NAMED_CURVE', 'The key is on a curve that mbedTLS does not know.', 'unsupported-algorithm')],
  [0x3a80, at('PK_INVALID_ALG', 'The algorithm of the key cannot be read.', 'unparsable', 'refused-form')],
  [
    0x3b00,
    at(
      'PK_INVALID_PUBKEY',
      'The public key is invalid: a point off its curve, or numbers that are not an RSA key.',
      'refused-form',
      'unparsable',
    ),
  ],
  [0x3b80, at('PK_PASSWORD_MISMATCH', 'The key needs another password.', 'encrypted-key')],
  [0x3c00, at('PK_PASSWORD_REQUIRED', 'The key needs a password, and the firmware has none.', 'encrypted-key')],
  [
    0x3c80,
    at(
      'PK_UNKNOWN_PK_ALG',
      'The key is of a kind that mbedTLS has no code for, such as Ed25519.',
      'unsupported-algorithm',
    ),
  ],
  [
    0x3d00,
    at(
      'PK_KEY_INVALID_FORMAT',
      'The file is not a private key, or has a form that mbedTLS cannot read.',
      'unparsable',
      'refused-form',
      'pem-required',
      'slot-kind',
      'unreadable-form',
    ),
  ],
  [0x3d80, at('PK_KEY_INVALID_VERSION', 'The private key says a version that mbedTLS does not take.', 'refused-form')],
  [0x3f00, at('PK_TYPE_MISMATCH', 'The key is of another kind than the certificate.', 'key-mismatch')],
  [0x3f80, at('PK_ALLOC_FAILED', 'There was no memory to read the key.')],
  [0x4080, at('RSA_BAD_INPUT_DATA', 'An RSA key has numbers that do not fit.', 'unparsable', 'weak-key')],
  [0x4100, at('RSA_INVALID_PADDING', 'A signature was made by another key.', 'key-mismatch')],
  [
    0x4200,
    at(
      'RSA_KEY_CHECK_FAILED',
      'The numbers of the RSA key do not belong together, or it is not the key of the certificate.',
      'unparsable',
      'key-mismatch',
    ),
  ],
  [
    0x4300,
    at(
      'RSA_PRIVATE_FAILED',
      'The device could not sign with the RSA key: its numbers, or its length.',
      'long-key',
      'unparsable',
    ),
  ],
  [
    0x4380,
    at(
      'RSA_VERIFY_FAILED',
      'A signature was made by another key, or the chip cannot compute with so long a one.',
      'key-mismatch',
      'long-key',
    ),
  ],
  [0x4c80, at('ECP_INVALID_KEY', 'The EC key is not valid on its curve.', 'unparsable')],
  [0x4e00, at('ECP_VERIFY_FAILED', 'A signature was made by another key.', 'key-mismatch')],
  [
    0x4e80,
    at(
      'ECP_FEATURE_UNAVAILABLE',
      'The EC key is on a curve or in a form (a compressed point) that this mbedTLS does not know.',
      'refused-form',
      'unsupported-algorithm',
    ),
  ],
  [0x4f80, at('ECP_BAD_INPUT_DATA', 'The EC key is not on the curve that was agreed.', 'key-mismatch', 'unparsable')],
]);
