/** Node's crypto, loaded at its first use: it brings 26 modules, and much is built and shown without it. */
export const nodeCrypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

/** SHA-256 in hex digits. */
export const sha256 = (bytes: Uint8Array): string => nodeCrypto().createHash('sha256').update(bytes).digest('hex');
