import { fail, ok, type Result } from '../core/result.ts';
import { checkDer, rawOf } from './der.ts';
import { labelOfForm, objectOfDer } from './object.ts';

/** A DER as PEM. */
export interface Pem {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** Why a DER cannot be written as PEM: a clause without a subject, such as `is no certificate and no private key`. */
export interface NoPem {
  readonly message: string;
}

/**
 * Writes the certificate or private key that a DER is as PEM, labelled by what it is. What stands behind the
 * structure, such as a zero byte, is left out. A key's form stays what it is.
 */
export function derToPem(bytes: Uint8Array): Result<Pem, NoPem> {
  const object = objectOfDer(bytes);
  const checked = checkDer(bytes);
  if (object === undefined || 'problem' in checked) return fail({ message: 'is no certificate and no private key' });
  if (object.problem !== undefined) return fail({ message: `is damaged: ${object.problem}` });
  const label = labelOf(object);
  if (label === undefined) return fail({ message: `is a ${object.type}, no certificate and no private key` });
  return ok({ label, bytes: pemOf(label, rawOf(bytes, checked.top)) });
}

function labelOf({ type, encrypted, privateKey }: NonNullable<ReturnType<typeof objectOfDer>>): string | undefined {
  if (type === 'certificate') return 'CERTIFICATE';
  if (type !== 'private key') return undefined;
  return encrypted ? 'ENCRYPTED PRIVATE KEY' : privateKey && labelOfForm[privateKey.form];
}

/** RFC 7468: 64 columns, ended by LF here, as everywhere in this package. */
export function pemOf(label: string, der: Uint8Array): Uint8Array {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return Buffer.from([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'), 'latin1');
}
