import { purposes } from '../pki/extensions.ts';
import type { Certificate } from '../pki/x509.ts';
import { chainsOf } from './chains.ts';
import { defineCheck } from './check.ts';
import { nameOf, type Slot } from './context.ts';
import { severityOf } from './refusals.ts';

/** A certificate for servers alone where the device is a client, or the reverse. */
export const wrongPurpose = defineCheck({
  code: 'wrong-purpose',
  severity: 'error',
  summary: 'A certificate is not for the role that the device has with it.',
  explain: async () => ({
    meaning:
      'As a server the device finds no certificate to use and ends each handshake (-0x6980, -0x6e00); as a client its peers reject it (-0x7780; their own log says -0x7a00).',
    cause: 'The CA made it from a template for web servers (server authentication), or for clients.',
    remedy:
      'Reissue it with extendedKeyUsage=clientAuth for a client or serverAuth for a server, and keyUsage=digitalSignature. For development: `at-pki certs create client`.',
    source: 'RFC 5280, sections 4.2.1.3 and 4.2.1.12; mbedTLS, mbedtls_ssl_check_cert_usage.',
  }),
  run: (context) =>
    chainsOf(context).flatMap(({ slot, certificates, leaf }) => {
      const own = certificates.find(({ certificate }) => certificate === leaf);
      const role = roleOf(slot);
      const why = own && role && whyNot(own.certificate, role);
      if (own === undefined || role === undefined || why === undefined) return [];
      const isUseless = role === 'server' && !why.isPartly;
      const severity = isUseless ? severityOf(slot, own.object, context) : 'warning';
      const then = isUseless
        ? 'the device cannot use it as a server'
        : role === 'server'
          ? 'only peers that use key exchange without Diffie-Hellman can connect'
          : 'peers reject it from a client';
      const message = `${nameOf(own)} ${why.message}: ${then}`;
      const hint = `reissue it with extendedKeyUsage=${role}Auth and keyUsage=digitalSignature`;
      const deviceCodes = role === 'server' ? ['-0x6980', '-0x6e00'] : ['-0x7780'];
      return [{ slot, object: own.object, severity, message, hint, deviceCodes }];
    }),
});

type Role = 'client' | 'server';

/** Returns the role of the device with a set of the firmware; undefined for a set that the user named. */
function roleOf({ set }: Slot): Role | undefined {
  if (set === 'server') return 'server';
  return ['client', 'mqtt', 'wss', 'https', 'wpa2', 'wpa_ent'].includes(set) ? 'client' : undefined;
}

const names = new Map<string, string>([
  [purposes.server, 'server authentication'],
  [purposes.client, 'client authentication'],
  ['1.3.6.1.5.5.7.3.3', 'code signing'],
  ['1.3.6.1.5.5.7.3.4', 'e-mail'],
  ['1.3.6.1.5.5.7.3.8', 'time stamps'],
  ['1.3.6.1.5.5.7.3.9', 'OCSP'],
]);

/** Reason for which a certificate does not suit a role. */
export interface WrongPurpose {
  /** A clause. */
  readonly message: string;
  /** Older ways to agree on a key still work with it. */
  readonly isPartly: boolean;
}

/** Judges a certificate for a role; undefined where it is for it. */
export function whyNot({ purposes: allowed, keyUsage, publicKey }: Certificate, role: Role): WrongPurpose | undefined {
  if (allowed && !allowed.includes(purposes[role]) && !allowed.includes(purposes.any)) {
    const listed = allowed.map((oid) => names.get(oid) ?? oid).join(', ');
    const message = `is for ${listed} alone by its extended key usage, not for ${names.get(purposes[role])}`;
    return { message, isPartly: false };
  }
  if (keyUsage === undefined || keyUsage.digitalSignature) return undefined;
  const isPartly = publicKey.type === 'RSA' ? keyUsage.keyEncipherment : keyUsage.keyAgreement;
  return { message: 'may not sign by its key usage (digitalSignature)', isPartly };
}
