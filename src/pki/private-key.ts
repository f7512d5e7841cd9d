/** Whether bytes hold a private key in PEM form, whatever else they hold. DER is judged by where it stands. */
export const holdsPrivateKey = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('PRIVATE KEY-----');
