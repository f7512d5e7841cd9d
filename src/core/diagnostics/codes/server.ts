import { codesOf } from '../code.ts';

/** TLS servers and their CAs. */
export const serverCodes = codesOf({
  'ca-unknown': {
    severity: 'error',
    summary: 'The CA of a server cannot be determined.',
    explain: async () => ({
      meaning: 'No CA was written: servers send their chain without the root, and the root is not known here.',
      cause: 'The server uses a private CA, or sends its own certificate without the intermediate.',
      remedy:
        'Get the root from the owner of the server and name it: `at-pki certs fetch-ca broker.example:8883 -o ca.pem --roots company.pem`.',
      source: 'RFC 8446, section 4.4.2: the root may be omitted.',
    }),
  },
  'ca-unverified': {
    severity: 'warning',
    summary: 'A CA comes from the server alone, or is one that the device would reject.',
    explain: async () => ({
      meaning: 'The CA was written. If somebody was between you and the server, devices would trust the wrong server.',
      cause: 'The server sends a root that is not among the known ones: a private CA, or an interception.',
      remedy: 'Compare its SHA-256 with what the owner of the server publishes: `at-pki certs show ca.pem`.',
      source: 'RFC 5280, section 6.1: trust anchors are obtained out of band.',
    }),
  },
  'server-name': {
    severity: 'warning',
    summary: 'The certificate of a server is for other names than the one that was asked for.',
    explain: async () => ({
      meaning:
        'A device that is told to look at the name (AT+CIPSSLCCN, HTTPS, MQTT over TLS) refuses the server (-0x2700).',
      cause: 'The server has several names and sends the certificate of another one, or is called by its address.',
      remedy:
        'Let the device connect by a name in the certificate, or ask for another one by SNI: `at-pki certs show 192.168.1.5:8883 --servername broker.example`.',
      source: 'RFC 6125, section 6; mbedTLS, x509_crt_verify_name: alternative names, else the common name.',
    }),
  },
  'server-unreachable': {
    severity: 'error',
    blame: 'device',
    summary: 'A server cannot be reached, or does not answer in time.',
    explain: async () => ({
      meaning: 'No connection: nothing is known of its certificates.',
      cause: 'A typo in name or port, a firewall, a VPN that is off, or a server that is down.',
      remedy: 'Check name and port, and allow more time: `at-pki certs show broker.example:8883 --timeout 30`.',
      source: 'man 2 connect and man 3 getaddrinfo, "ERRORS".',
    }),
  },
  'server-handshake': {
    severity: 'error',
    blame: 'device',
    summary: 'A server ends the TLS handshake, or does not use TLS at that port.',
    explain: async () => ({
      meaning: 'The server answers, but no certificate came.',
      cause: 'The port is for plain text (1883 instead of 8883), for STARTTLS, or the server needs its name (SNI).',
      remedy: 'Use the TLS port, or give the name: `at-pki certs show 192.168.1.5:8883 --servername broker.example`.',
      source: 'RFC 8446, sections 4 and 6; RFC 6066, section 3 (SNI).',
    }),
  },
});
