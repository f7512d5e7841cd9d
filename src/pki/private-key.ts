/**
 * Whether bytes hold a private key, whatever else they hold: as PEM anywhere in them, or as the DER
 * or base64 of DER that they are.
 * Cheap, since every build asks it of every file; that a file which looks like one is none does no harm.
 */
export function holdsPrivateKey(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.includes('PRIVATE KEY-----') || startsAsPrivateKey(bytes) || startsAsPrivateKey(fromBase64(buffer));
}

/**
 * PKCS #1 (RFC 8017), PKCS #8 (RFC 5958) and SEC 1 (RFC 5915) keys are a SEQUENCE that starts with a version, an
 * INTEGER of one byte, 0 or 1. A certificate starts with another SEQUENCE, a bare public key with an INTEGER of many
 * bytes.
 */
function startsAsPrivateKey(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30) return false;
  // Below 0x80 the length itself, else the number of bytes that hold it.
  const content = 2 + (length < 0x80 ? 0 : length - 0x80);
  const [versionTag, versionLength, version] = bytes.subarray(content, content + 3);
  return versionTag === 0x02 && versionLength === 1 && (version === 0 || version === 1);
}

/** A DER key is often kept as base64, without the BEGIN and END lines of PEM. */
function fromBase64(bytes: Buffer): Uint8Array {
  const text = bytes.toString('latin1');
  return /^[A-Za-z0-9+/=\s]{64,}\0?$/.test(text) ? Buffer.from(text, 'base64') : new Uint8Array();
}
