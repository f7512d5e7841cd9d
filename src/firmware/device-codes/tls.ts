import { at, type MbedTlsCode } from './code.ts';

/** Failures of a connection (ssl.h), by the number without its sign. */
export const tlsFailures: ReadonlyMap<number, MbedTlsCode> = new Map([
  [0x6800, at('SSL_TIMEOUT', 'The peer did not answer in time.')],
  [0x6880, at('SSL_WANT_WRITE', 'The connection cannot take more right now: nothing is wrong yet.')],
  [0x6900, at('SSL_WANT_READ', 'The peer has not sent all of it yet: nothing is wrong yet.')],
  [
    0x6980,
    at(
      'SSL_NO_USABLE_CIPHERSUITE',
      'As a server the device has no certificate that it may use, or no cipher in common with the client.',
      'wrong-purpose',
      'key-mismatch',
      'unsupported-algorithm',
    ),
  ],
  [
    0x6a00,
    at(
      'SSL_BUFFER_TOO_SMALL',
      'A message does not fit: the chain of the device is longer than 4,096 bytes.',
      'chain-too-long',
    ),
  ],
  [0x6c00, at('SSL_INTERNAL_ERROR', 'mbedTLS met a state that it does not expect; often memory ran out.')],
  [0x6d00, at('SSL_PK_TYPE_MISMATCH', 'The key is of another kind than the handshake needs.', 'key-mismatch')],
  [
    0x6e00,
    at(
      'SSL_HANDSHAKE_FAILURE',
      'The two sides found nothing in common; as a server the device may have no certificate that it may use.',
      'wrong-purpose',
      'key-mismatch',
    ),
  ],
  [0x6e80, at('SSL_BAD_PROTOCOL_VERSION', 'The peer wants another version of TLS.')],
  [0x7200, at('SSL_INVALID_RECORD', 'The response is not TLS: the port does not use it, or a proxy answers.')],
  [
    0x7280,
    at(
      'SSL_CONN_EOF',
      'The peer hung up during the handshake: often it refuses our certificate.',
      'wrong-purpose',
      'chain-incomplete',
      'expired',
    ),
  ],
  [0x7380, at('SSL_NO_CIPHER_CHOSEN', 'There is no cipher in common.')],
  [
    0x7480,
    at('SSL_NO_CLIENT_CERTIFICATE', 'The client sent no certificate, and the device wants one.', 'set-incomplete'),
  ],
  [
    0x7500,
    at(
      'SSL_CERTIFICATE_TOO_LARGE',
      'The chain of the device does not fit the message of 4,096 bytes.',
      'chain-too-long',
    ),
  ],
  [0x7580, at('SSL_CERTIFICATE_REQUIRED', 'A certificate is required and missing.', 'set-incomplete')],
  [0x7600, at('SSL_PRIVATE_KEY_REQUIRED', 'Certificate or private key of the device is missing.', 'set-incomplete')],
  [
    0x7680,
    at(
      'SSL_CA_CHAIN_REQUIRED',
      'No CA is loaded: the CA slot is empty, or nothing in it could be read.',
      'set-incomplete',
      'unparsable',
      'refused-form',
    ),
  ],
  [0x7700, at('SSL_UNEXPECTED_MESSAGE', 'The peer sent something that does not belong there.')],
  [
    0x7780,
    at(
      'SSL_FATAL_ALERT_MESSAGE',
      'The peer ended the handshake: often it refuses our certificate.',
      'wrong-purpose',
      'chain-incomplete',
      'chain-order',
      'expired',
      'path-length',
      'not-a-ca',
      'weak-key',
    ),
  ],
  [0x7800, at('SSL_PEER_VERIFY_FAILED', 'Our certificate was refused.', 'wrong-purpose', 'chain-incomplete')],
  [0x7880, at('SSL_PEER_CLOSE_NOTIFY', 'The peer ended the connection in good order.')],
  [
    0x7a00,
    at(
      'SSL_BAD_CERTIFICATE',
      'The certificate of the peer is not to be used: its purpose, or its form.',
      'wrong-purpose',
      'refused-form',
    ),
  ],
  [
    0x7d80,
    at('SSL_BAD_HS_CERTIFICATE_VERIFY', 'The signature by which the client proves its key is wrong.', 'key-mismatch'),
  ],
  [0x7f00, at('SSL_ALLOC_FAILED', 'Memory ran out: TLS needs about 40 KB for each connection.', 'chain-too-long')],
]);

/** Reasons, by the number below 0x80, which also occurs alone. */
export const reasons: ReadonlyMap<number, MbedTlsCode> = new Map([
  [0x0e, at('MPI_NOT_ACCEPTABLE', 'a number is not in its range')],
  [0x10, at('MPI_ALLOC_FAILED', 'memory ran out')],
  [0x2a, at('BASE64_BUFFER_TOO_SMALL', 'the base64 is longer than its room')],
  [0x2c, at('BASE64_INVALID_CHARACTER', 'a character is not base64')],
  [0x2e, at('OID_NOT_FOUND', 'an identifier is not known')],
  [0x42, at('NET_SOCKET_FAILED', 'no socket could be opened')],
  [0x44, at('NET_CONNECT_FAILED', 'the peer does not answer on that port')],
  [0x4c, at('NET_RECV_FAILED', 'nothing could be read from the connection')],
  [0x4e, at('NET_SEND_FAILED', 'nothing could be written to the connection')],
  [0x50, at('NET_CONN_RESET', 'the peer cut the connection')],
  [0x52, at('NET_UNKNOWN_HOST', 'the name of the host is not known')],
  [0x60, at('ASN1_OUT_OF_DATA', 'it ends before it should')],
  [0x62, at('ASN1_UNEXPECTED_TAG', 'an unexpected element was found')],
  [0x64, at('ASN1_INVALID_LENGTH', 'a length is wrong')],
  [0x66, at('ASN1_LENGTH_MISMATCH', 'there is data after its end')],
  [0x68, at('ASN1_INVALID_DATA', 'a value is not allowed there')],
  [0x6a, at('ASN1_ALLOC_FAILED', 'memory ran out')],
  [0x6c, at('ASN1_BUF_TOO_SMALL', 'it does not fit its room')],
]);
