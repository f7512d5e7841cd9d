import { certificateDer, certificatePem, keyPem, type Order } from '../../support/certificate.ts';
import type { randomFrom } from '../../support/random.ts';
import { type Case, ca, type Kinds, leaf, own, type Role, root, signedBy } from '../cases.ts';
import { hex } from '../der.ts';
import { block, pkcs1, rsaNumbers } from '../key-forms.ts';
import { keys, rsaKeys } from '../keys.ts';

type Rewrite = (text: string) => string | Uint8Array;

/** What editors, mails and tools make of PEM. */
const rewrites: Readonly<Record<string, Rewrite>> = {
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  CR: (text) => text.replaceAll('\n', '\r'),
  'no line break at the end': (text) => text.trimEnd(),
  'text before': (text) => `subject=CN = device\nissuer=CN = root\n${text}`,
  'text behind': (text) => `${text}the end\n`,
  'END line before': (text) => `${endOf(text)}\n${text}`,
  'END line quoted in the text before': (text) => `up to ${endOf(text)} of the last one\n${text}`,
  'BEGIN line before': (text) => `${text.split('\n')[0]}\n${text}`,
  'Proc-Type': (text) =>
    withHeaders(text, 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF'),
  'Proc-Type alone': (text) => withHeaders(text, 'Proc-Type: 4,ENCRYPTED'),
  'DEK-Info alone': (text) => withHeaders(text, 'DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF'),
  'header of another kind': (text) => withHeaders(text, 'Comment: of the factory'),
  'empty line behind BEGIN': (text) => text.replace('-----\n', '-----\n\n'),
  'empty line in the body': (text) => text.replace(/(\n[^\n]{64}\n)/, '$1\n'),
  'empty line before END': (text) => text.replace('\n-----END', '\n\n-----END'),
  'spaces at the ends of lines': (text) => text.replace(/\n(?!$)/g, ' \n'),
  'spaces behind BEGIN': (text) => text.replace('-----\n', '-----  \n'),
  'spaces at the ends of body lines': (text) => text.replace(/([A-Za-z0-9+/=])\n/g, '$1 \n'),
  'spaces at the starts of lines': (text) => text.replace(/^/gm, ' '),
  'spaces in the body': (text) => text.replace(/\n([^\n]{20})/, '\n$1 '),
  'a tab in the body': (text) => text.replace(/\n([^\n]{20})/, '\n$1\t'),
  'body in one line': (text) => bodyOf(text, (body) => body.replaceAll('\n', '')),
  'lines of 76': (text) => bodyOf(text, (body) => body.replaceAll('\n', '').replace(/.{76}/g, '$&\n')),
  'lines of 1': (text) => bodyOf(text, (body) => body.replaceAll('\n', '').replace(/./g, '$&\n').trimEnd()),
  'all in one line': (text) => text.replaceAll('\n', ''),
  'all in one line, with spaces': (text) => text.replaceAll('\n', ' '),
  'line breaks written out': (text) => text.replaceAll('\n', '\\n'),
  'a byte order mark': (text) => `\u00ef\u00bb\u00bf${text}`,
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 with its mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'NUL at the end': (text) => `${text}\0`,
  'NUL and text behind': (text) => `${text}\0${text}`,
  'NUL in the body': (text) => text.replace(/\n([^\n]{20})/, '\n$1\0'),
  'NUL before': (text) => `\0${text}`,
  'four dashes': (text) => text.replaceAll('-----', '----'),
  'six dashes': (text) => text.replaceAll('-----', '------'),
  'long dashes': (text) => Buffer.from(text.replaceAll('-----', '\u2014\u2014-'), 'utf8'),
  'small letters': (text) => text.replaceAll(/(BEGIN|END) [A-Z ]+/g, (line) => line.toLowerCase()),
  'END line cut off': (text) => text.trimEnd().slice(0, -3),
  'END line missing': (text) => text.replace(/-----END.*\n/, ''),
  'END line of another label': (text) => text.replace(/END [A-Z ]+/, 'END OTHER'),
  'padding missing': (text) => text.replace(/=+\n/, '\n'),
  'padding too long': (text) => text.replace('\n-----END', '=\n-----END'),
  'base64 behind the padding': (text) => text.replace('\n-----END', '\nAAAA\n-----END'),
  'base64 of URLs': (text) => bodyOf(text, (body) => body.replaceAll('+', '-').replaceAll('/', '_')),
  'a letter that is not base64': (text) => text.replace(/\n.{10}/, '\n*********!'),
  'body cut off': (text) => text.replace(/\n[^\n]+\n[^\n]+\n-----END/, '\n-----END'),
  'body empty': (text) => bodyOf(text, () => ''),
  quoted: (text) => `"${text}"`,
  'as a C string': (text) => text.replace(/^(.*)\n/gm, '"$1\\n"\n'),
  'quoted in a mail': (text) => text.replace(/^/gm, '> '),
  'base64 alone': (text) =>
    bodyOf(text, (body) => body)
      .split('\n')
      .slice(1, -2)
      .join('\n'),
  empty: () => '',
  'a line break alone': () => '\n',
  'some text': () => 'certificate\n',
};

const endOf = (text: string): string => /-----END[^\n]*/.exec(text)?.[0] ?? '';
const withHeaders = (text: string, headers: string): string => text.replace('-----\n', `-----\n${headers}\n\n`);
const bodyOf = (text: string, edit: (body: string) => string): string =>
  text.replace(/(-----\n)([^-]+)(\n-----END)/, (_, begin, body, end) => `${begin}${edit(body)}${end}`);

const rewritten = (pem: Uint8Array, rewrite: Rewrite): Uint8Array => {
  const made = rewrite(Buffer.from(pem).toString('latin1'));
  return typeof made === 'string' ? Buffer.from(made, 'latin1') : made;
};

const cert = certificatePem(leaf);
const rsaCert = certificatePem({ ...leaf, key: rsaKeys.own });
const sec1 = Buffer.from(keys.own.export({ format: 'pem', type: 'sec1' }));
const roles: readonly Role[] = ['client', 'server', 'mqtt'];
const der = (key: typeof keys.own, type: 'pkcs1' | 'pkcs8' | 'sec1') =>
  Buffer.from(key.export({ format: 'der', type }));

const behind: Readonly<Record<string, Uint8Array>> = {
  alone: new Uint8Array(),
  'with a NUL': hex('00'),
  'with three NULs': hex('000000'),
  'with a line break': hex('0a'),
  'with text': Buffer.from('text'),
};

// RSA signatures have the same bytes in every run, so that the damage does the same.
const rsaRoot: Order = { ...root, subject: 'test RSA root', key: rsaKeys.other };
const signed: Order = { ...leaf, ...signedBy(rsaRoot), ca: false, maySign: false };

/** A few bits of a DER changed, or its end cut off, in a PEM that is in order. */
function damaged(bytes: Uint8Array, next: ReturnType<typeof randomFrom>): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (next(6) === 0) return copy.subarray(0, 1 + next(copy.length - 1));
  for (let count = 1 + next(2); count > 0; count--) {
    const place = next(copy.length);
    copy[place] = (copy[place] ?? 0) ^ (1 << next(8));
  }
  return copy;
}

export const textKinds: Kinds = {
  'text of a certificate': (next) =>
    Object.entries(rewrites).map(([name, rewrite]) => own(name, rewritten(cert, rewrite), { role: roles[next(3)] })),
  'text of a CA': () =>
    Object.entries(rewrites).map(([name, rewrite]) => ca(name, rewritten(certificatePem(root), rewrite))),
  'text of a key': () =>
    Object.entries(rewrites).flatMap(([name, rewrite]) => [
      own(`${name}, SEC 1`, cert, { key: rewritten(sec1, rewrite) }),
      own(`${name}, PKCS #8`, rsaCert, { key: rewritten(keyPem(rsaKeys.own), rewrite) }),
    ]),

  'certificate in DER': () =>
    Object.entries(behind).flatMap(([name, bytes]): Case[] => [
      own(`own, ${name}`, Buffer.concat([certificateDer(leaf), bytes])),
      ca(`CA, ${name}`, Buffer.concat([certificateDer(root), bytes])),
    ]),
  'key in DER': () =>
    Object.entries(behind).flatMap(([name, bytes]) => [
      ...(['sec1', 'pkcs8'] as const).map((type) =>
        own(`EC ${type}, ${name}`, cert, { key: Buffer.concat([der(keys.own, type), bytes]) }),
      ),
      ...(['pkcs1', 'pkcs8'] as const).map((type) =>
        own(`RSA ${type}, ${name}`, rsaCert, { key: Buffer.concat([der(rsaKeys.own, type), bytes]) }),
      ),
    ]),
  'DER for MQTT': () => [
    own('certificate', certificateDer(leaf), { role: 'mqtt' }),
    own('key', cert, { role: 'mqtt', key: der(keys.own, 'sec1') }),
    own('RSA key', rsaCert, { role: 'mqtt', key: der(rsaKeys.own, 'pkcs1') }),
    ca('CA', certificateDer(root), { role: 'mqtt' }),
  ],

  'damaged certificate': (next) =>
    Array.from({ length: 60 }, (_, index) => {
      const bytes = damaged(certificateDer(signed), next);
      // With its issuer, so that its signature can be verified.
      return own(`${index}`, Buffer.concat([block('CERTIFICATE', bytes), certificatePem(rsaRoot)]), { roots: rsaRoot });
    }),
  'damaged RSA key': (next) =>
    Array.from({ length: 30 }, (_, index) =>
      own(`${index}`, rsaCert, { key: block('RSA PRIVATE KEY', damaged(pkcs1(rsaNumbers(rsaKeys.own)), next)) }),
    ),
  'damaged EC key': (next) =>
    Array.from({ length: 30 }, (_, index) =>
      own(`${index}`, cert, { key: block('EC PRIVATE KEY', damaged(der(keys.own, 'sec1'), next)) }),
    ),
};
