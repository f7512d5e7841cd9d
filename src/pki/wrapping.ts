/** Transformation that makes a certificate or key unreadable, and how to undo it. */
export interface Wrapping {
  /** A clause about the file: `is base64 of a whole PEM file`. */
  readonly message: string;
  /** A command with FILE and NEW for the names, or words. */
  readonly hint: string;
  /** From 1. */
  readonly line?: number;
}

/** Bytes that are looked at: a wrapping shows at the start of a file. */
const most = 64 * 1024;

/** Recognises what people, tools and servers make of certificates and keys; undefined where it is none of that. */
export function wrappingOf(bytes: Uint8Array): Wrapping | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, most));
  const binary = ofBinary(start);
  if (binary) return binary;
  const text = start.toString('utf8').replace(/^\ufeff/, '');
  return ofTool(text) ?? ofText(text) ?? ofAnswer(text);
}

/** Replacement that programs write for a byte that is not text: U+FFFD as UTF-8. */
const lostByte = Buffer.from('efbfbd', 'hex');

function ofBinary(start: Buffer): Wrapping | undefined {
  const magic = start.toString('hex', 0, 10);
  if (magic.startsWith('feedfeed') || magic.startsWith('cececece')) {
    const hint =
      'take it out by way of PKCS #12: keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12, then openssl pkcs12 -in NEW.p12 -nodes -out NEW';
    return { message: 'is a key store of Java (JKS)', hint };
  }
  if (magic.startsWith('1f8b')) {
    return { message: 'is compressed (gzip)', hint: 'unpack it: gunzip -c FILE > NEW' };
  }
  if (start[0] === 0x30 && start.includes(lostByte)) {
    const hint = 'copy or download it again as a binary file';
    return { message: 'was DER, and was saved as text: bytes of it are lost', hint };
  }
  if (magic === '00474954435259505400') {
    return { message: 'is encrypted by git-crypt', hint: 'unlock the repository: git-crypt unlock' };
  }
  return undefined;
}

/** Beginnings of files that tools write. */
const tools: readonly (readonly [start: RegExp, message: string, hint: string])[] = [
  [
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
    'is a pointer of Git LFS, not the file itself',
    'get the file: git lfs pull',
  ],
  [/^\$ANSIBLE_VAULT;/, 'is encrypted by ansible-vault', 'decrypt it: ansible-vault decrypt --output NEW FILE'],
  [
    /^(?:age-encryption\.org\/v\d|-----BEGIN AGE ENCRYPTED FILE-----)/,
    'is encrypted by age',
    'decrypt it: age --decrypt --identity KEY --output NEW FILE',
  ],
  [
    /^PuTTY-User-Key-File-\d/,
    'is a key of PuTTY',
    'convert it: puttygen FILE -O private-openssh -o NEW, then ssh-keygen -p -m PEM -N "" -f NEW',
  ],
  [
    /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) AAAA/,
    'is a public key of OpenSSH',
    'the device cannot use a public key alone: use the certificate or the private key',
  ],
  [/^-----BEGIN PGP /, 'is of PGP', 'decrypt it, if it is the right file: gpg --output NEW --decrypt FILE'],
];

function ofTool(text: string): Wrapping | undefined {
  const trimmed = text.trimStart();
  const found = tools.find(([start]) => start.test(trimmed));
  if (found) return { message: found[1], hint: found[2] };
  const openSsh = /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)/m.exec(text)?.[1];
  if (openSsh !== undefined && !/-----BEGIN (?!OPENSSH)/.test(text)) {
    const isEd25519 = Buffer.from(openSsh, 'base64').includes('ssh-ed25519');
    const hint = isEd25519
      ? 'Ed25519 is not supported on the device: generate a key of RSA 2048 or EC P-256, and its certificate'
      : 'turn it into PEM where it is: ssh-keygen -p -m PEM -N "" -f FILE';
    return { message: 'is a key of OpenSSH, in a form of its own', hint };
  }
  if (/\bENC\[AES256_GCM,data:/.test(text) && /["']?sops["']?\s*:/.test(text)) {
    return { message: 'is encrypted by sops', hint: 'decrypt it: sops --decrypt FILE > NEW' };
  }
  return undefined;
}

/** JavaScript that takes a PEM out of string literals; it stands in double quotes of a shell. */
const unquoted = String.raw`require('fs').readFileSync(0,'latin1').replace(/\x5c[rn]/g,'\n').replace(/[\x22\x27;\x5c]|^[ \t]+/gm,'').replace(/\n+/g,'\n').match(/-----BEGIN.*-----END [A-Z ]+-----/s)[0]`;

const dashes = /[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const hexDump =
  /^\s*(?:unsigned char \w{1,80}\[\] = \{\s*)?(?:0x)?30[\s,:]*(?:0x)?8[0-4](?:[\s,:]*(?:0x)?[0-9a-f]{2}){20}/i;

function ofText(text: string): Wrapping | undefined {
  if (/^\s*["']?LS0tLS1CRUdJTi/.test(text)) {
    return { message: 'is base64 of a whole PEM file', hint: 'decode it once: base64 -d FILE > NEW' };
  }
  if (/-----BEGIN(?:%20|\+)[A-Z]/.test(text)) {
    const decoded = text.includes('-----BEGIN+')
      ? "new URLSearchParams('x=' + require('fs').readFileSync(0, 'latin1')).get('x')"
      : "decodeURIComponent(require('fs').readFileSync(0, 'latin1'))";
    return { message: 'is URL-encoded (%20, %0A)', hint: `decode it: node -p "${decoded}" < FILE > NEW` };
  }
  const quoted = /["'](?:\\n)?-----BEGIN [A-Z0-9 ]+-----(?:\\n|\\r\\n|["'\\])/.exec(text);
  if (quoted && /\\n["']?\s*(?:\\?\s*["']|$)|\\\s*$/m.test(text.slice(quoted.index)) && !isJson(text)) {
    const hint = `extract the text in the quotes: node -p "${unquoted}" < FILE > NEW`;
    return {
      message: 'is a string in C source, with quotes and \\n around its lines',
      hint,
      line: lineAt(text, quoted.index),
    };
  }
  const prefix = /^([>#;|*] ?|\/\/ ?)-----BEGIN /m.exec(text)?.[1]?.trim();
  if (prefix !== undefined) {
    const hint = `remove it: sed 's,^${prefix === '*' ? '[*]' : prefix} *,,' FILE > NEW`;
    return { message: `has ${prefix} before each of its lines, as of a quotation or comment`, hint };
  }
  const begin = /\b(?:BEGIN|END) [A-Z0-9 ]{0,40}?(?:CERTIFICATE|PRIVATE KEY)/.exec(text);
  const line = begin ? lineAround(text, begin.index) : '';
  const dash = dashes.exec(line);
  if (begin && dash) {
    const code = `U+${(dash[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      message: `has dashes of a word processor or web page (${code}) in its line ${begin[0].split(' ')[0]}`,
      hint: 'type five hyphens (-----) in place of them, before and after the words',
      line: lineAt(text, begin.index),
    };
  }
  if (hexDump.test(text)) {
    const isPlain = /^[0-9a-f\s]*$/i.test(text);
    const command = isPlain ? 'xxd -r -p FILE > NEW' : "tr ',:' '  ' < FILE | sed 's/0x//g' | xxd -r -p > NEW";
    return { message: 'is DER, written as digits (a hex dump)', hint: `turn it into bytes: ${command}` };
  }
  if (/^\s*Certificate:\s+Data:\s+Version:/.test(text) && !text.includes('-----BEGIN')) {
    return {
      message: 'is what openssl x509 -text prints, without the certificate itself',
      hint: 'use the certificate itself, the block from -----BEGIN to -----END',
    };
  }
  return undefined;
}

/** Recognises the answer of a server instead of a file. */
function ofAnswer(text: string): Wrapping | undefined {
  if (text.includes('-----BEGIN')) return undefined;
  if (/^\s*(?:<!doctype html|<html)/i.test(text)) {
    return {
      message: 'is a web page (HTML): a download that went wrong',
      hint: 'download the file itself: open the address in a browser, and see',
    };
  }
  if (/^\s*(?:<\?xml|<Error>)/i.test(text)) {
    return {
      message: 'is XML: perhaps what a server answered in place of the file',
      hint: 'look into it, and download the file itself',
    };
  }
  if (/^\s*[45]\d\d[: ] ?[A-Z]/.test(text)) {
    return {
      message: 'is what a server answered in place of the file',
      hint: 'download the file itself: open the address in a browser, and see',
    };
  }
  if (isJson(text)) {
    return {
      message: 'is JSON: perhaps what a server answered in place of the file',
      hint: 'look into it, and download the file itself',
    };
  }
  return undefined;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** The line that a place is in, as far as a label may reach. */
function lineAround(text: string, index: number): string {
  const part = text.slice(Math.max(0, index - 80), index + 160);
  const at = index - Math.max(0, index - 80);
  const end = part.indexOf('\n', at);
  return part.slice(part.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
}
