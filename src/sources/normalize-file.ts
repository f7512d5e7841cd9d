import { unparsable } from '../checks/unparsable.ts';
import type { Code } from '../core/diagnostics/codes.ts';
import type { Coded } from '../core/diagnostics/diagnostic.ts';
import { append } from '../core/lists.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { count, listed, printable } from '../core/text.ts';
import { type Identified, identify, textOfBytes } from '../formats/identify.ts';
import { leafOf, pathFrom } from '../pki/chain.ts';
import { checkDer, rawOf } from '../pki/der.ts';
import { labelOfForm } from '../pki/object.ts';
import { type EncryptedKey, openKey } from '../pki/open-key.ts';
import { decodeBase64 } from '../pki/pem-body.ts';
import {
  canonical,
  type PemUnit,
  type PemUnits,
  stripped,
  textOfUnits,
  trimmedLines,
  unitsOf,
  withBlock,
} from '../pki/pem-units.ts';
import { derToPem, pemOf } from '../pki/to-pem.ts';
import type { Certificate } from '../pki/x509.ts';

/** How a file is to be changed; nothing of what is absent. */
export interface Wishes {
  /** A certificate or private key in DER becomes PEM. */
  readonly derToPem?: boolean;
  /** Blocks in lines of 64 characters, ended by LF, without a byte order mark; whatever is not PEM becomes it. */
  readonly pem?: 'canonical';
  /** `sorted`: the leaf first, then its issuer, and so on; each once. `unique`: each once, where it stands. */
  readonly chain?: 'sorted' | 'unique';
  /** Text outside of the blocks is left out. */
  readonly preamble?: 'strip';
  /** Opens encrypted private keys. */
  readonly password?: string;
}

export interface Normalized {
  readonly bytes: Uint8Array;
  /** What was changed, each as a clause; empty where the bytes are what they were. */
  readonly changes: readonly string[];
}

/** Why a file cannot be changed as wished: a clause that the file's name goes before. */
export interface NotNormalized {
  readonly code: Code | Coded;
  readonly message: string;
  readonly hint?: string;
}

export const hasEncryptedKey = ({ objects }: Identified): boolean =>
  objects.some(({ encrypted, problem }) => encrypted === true && problem === undefined);

/**
 * Changes a file as wished. A file that is no certificate or key, or is damaged, stays as it is: what is wrong with it
 * is for the checks to say. Doing it twice is doing it once, and the DER of certificates is never another.
 */
export function normalize(
  bytes: Uint8Array,
  wishes: Wishes,
  identified = identify(bytes),
): Result<Normalized, NotNormalized> {
  const { what, encoding, objects } = identified;
  const damage = objects.find(({ problem }) => problem !== undefined)?.problem;
  if (damage !== undefined && encoding === 'DER' && wishes.derToPem) {
    return fail({ code: unparsable, message: `is damaged: ${damage}` });
  }
  if (what === 'data' || objects.length === 0 || damage !== undefined) return ok({ bytes, changes: [] });
  return encoding === 'PEM' ? normalizePem(bytes, wishes, identified) : normalizeDer(bytes, wishes, identified);
}

function normalizeDer(bytes: Uint8Array, wishes: Wishes, identified: Identified): Result<Normalized, NotNormalized> {
  const isBase64 = identified.encoding === 'base64';
  const der = isBase64 ? decodeBase64(textOfBytes(bytes).text.replaceAll('\0', '')).der : bytes;
  if (hasEncryptedKey(identified) && wishes.password !== undefined) {
    const opened = opening({ form: 'PKCS #8', der: exactDer(der) }, wishes.password);
    if (!opened.ok) return opened;
    const { label, der: key } = opened.value;
    return ok({ bytes: pemOf(label, key), changes: [decrypted(label)] });
  }
  if (wishes.pem === undefined && (isBase64 || !wishes.derToPem)) return ok({ bytes, changes: [] });
  const pem = derToPem(der);
  if (pem.ok) {
    const change = `${isBase64 ? 'bare base64' : 'DER'} became PEM (${pem.value.label})`;
    return ok({ bytes: pem.value.bytes, changes: [change] });
  }
  return wishes.derToPem ? fail({ code: unparsable, message: pem.error.message }) : ok({ bytes, changes: [] });
}

function normalizePem(bytes: Uint8Array, wishes: Wishes, identified: Identified): Result<Normalized, NotNormalized> {
  const { pem, objects } = identified;
  if (pem === undefined) return ok({ bytes, changes: [] });
  const { text, isWide } = textOfBytes(bytes);
  const changes: string[] = [];
  let units = unitsOf(text, pem, objects);
  if (wishes.password !== undefined && hasEncryptedKey(identified)) {
    const opened = withOpenedKeys(units, wishes.password);
    if (!opened.ok) return opened;
    append(changes, opened.value.changes);
    units = opened.value.units;
  }
  if (wishes.chain !== undefined) {
    const arranged = arrange(units, wishes.chain);
    if (!arranged.ok) return arranged;
    append(changes, arranged.value.changes);
    units = arranged.value.units;
  }
  if (wishes.preamble === 'strip') {
    const bare = stripped(units);
    if (pem.hasOtherText) changes.push('text outside of the blocks was left out');
    else if (textOfUnits(bare) !== textOfUnits(units)) changes.push(units.bom ? bomLeftOut : whiteSpaceLeftOut);
    units = bare;
  }
  if (wishes.pem === 'canonical') {
    const rewritten = canonical(units, contentOf);
    append(changes, rewriting(units, rewritten, pem));
    units = rewritten;
  }
  if (isWide && (changes.length > 0 || wishes.pem)) changes.push('UTF-16 became plain text');
  if (changes.length === 0) return ok({ bytes, changes });
  return ok({ bytes: Buffer.from(textOfUnits(units), isWide ? 'utf8' : 'latin1'), changes });
}

interface Arranged {
  readonly units: PemUnits;
  readonly changes: readonly string[];
}

function withOpenedKeys(file: PemUnits, password: string): Result<Arranged, NotNormalized> {
  const units: PemUnit[] = [];
  const changes: string[] = [];
  for (const unit of file.units) {
    const encrypted = unit.object.encrypted ? encryptedKey(unit) : undefined;
    const opened = encrypted && opening(encrypted, password);
    if (opened?.ok === false) return opened;
    units.push(opened ? withBlock(unit, opened.value.label, opened.value.der) : unit);
    if (opened) changes.push(decrypted(opened.value.label));
  }
  return ok({ units: { ...file, units }, changes });
}

function encryptedKey({ part: { label, der, encrypted }, block }: PemUnit): EncryptedKey | undefined {
  // OpenSSL reads LF and CRLF; the file may have others.
  if (encrypted) return { form: 'traditional', label, text: `${trimmedLines(block)}\n` };
  return der && { form: 'PKCS #8', der: exactDer(der) };
}

function opening(key: EncryptedKey, password: string): Result<{ label: string; der: Uint8Array }, NotNormalized> {
  const opened = openKey(key, password);
  if (opened.ok) return opened;
  if (opened.error === 'password') {
    return fail({ code: 'not-normalized', message: 'is a key that the password given for it does not open' });
  }
  const message = `is a key encrypted in a way that Node ${process.versions.node} does not decrypt`;
  return fail({ code: 'not-normalized', message, hint: 'decrypt it once: openssl pkey -in OLD -out NEW' });
}

const decrypted = (label: string): string => `the key was decrypted (${label})`;

/** Longer ones are bundles, and finding a way through them takes its time. */
const longestChain = 30;

function arrange(file: PemUnits, wish: 'sorted' | 'unique'): Result<Arranged, NotNormalized> {
  const changes: string[] = [];
  const units = withoutCopies(file.units);
  const copies = file.units.length - units.length;
  if (copies > 0) changes.push(`${count(copies, 'copy of a certificate', 'copies of certificates')} left out`);
  const certified = units.flatMap((unit) => (unit.object.certificate ? [unit] : []));
  if (wish === 'unique' || certified.length < 2) return ok({ units: { ...file, units }, changes });
  const certificates = certified.flatMap(({ object }) => object.certificate ?? []);
  if (certificates.length > longestChain) {
    const message = `has ${certificates.length} certificates; a chain that can be sorted has at most ${longestChain}`;
    return fail({ code: 'not-normalized', message, hint: keepHint });
  }
  const leaf = leafOf(certificates);
  const path = leaf === undefined ? [] : pathFrom(leaf, certificates);
  const outside = certificates.filter((certificate) => !path.includes(certificate));
  if (leaf && outside.length > 0) {
    const have = outside.length === 1 ? 'has' : 'have';
    const message = `cannot be sorted: ${listed(outside.map(called))} ${have} no part in the chain of ${called(leaf)}`;
    return fail({ code: 'not-normalized', message, hint: `remove what does not belong to the chain, or ${keepHint}` });
  }
  if (path.every((member, index) => member === certificates[index])) return ok({ units: { ...file, units }, changes });
  changes.push('the certificates were sorted from the leaf up');
  const sorted = path.flatMap((member) => certified.find(({ object }) => object.certificate === member) ?? []);
  const moved = units.map((unit) => (unit.object.certificate ? (sorted.shift() ?? unit) : unit));
  return ok({ units: { ...file, units: moved.map((unit) => ({ ...unit, end: unit.end || '\n' })) }, changes });
}

const keepHint = 'set "chain": "keep" in "normalize" of this slot';

const called = ({ subject, serial }: Certificate): string =>
  subject.text === '' ? `the certificate with serial number ${serial.slice(0, 40)}` : `"${printable(subject.text)}"`;

function withoutCopies(units: readonly PemUnit[]): PemUnit[] {
  const seen = new Set<string>();
  return units.filter(({ object, part: { der } }) => {
    if (object.certificate === undefined || der === undefined) return true;
    const id = Buffer.from(exactDer(der)).toString('latin1');
    return !seen.has(id) && seen.add(id);
  });
}

/** What a block is to say: `TRUSTED CERTIFICATE`, which only OpenSSL knows, holds a certificate and more behind it. */
function contentOf({ part, object }: PemUnit): { label: string; der: Uint8Array } | undefined {
  const { label, der, encrypted } = part;
  if (encrypted || der === undefined) return undefined;
  if (object.type === 'certificate') return { label: 'CERTIFICATE', der: exactDer(der) };
  if (object.type !== 'private key') return { label, der };
  const form = object.encrypted ? undefined : object.privateKey?.form;
  return { label: form === undefined ? label : labelOfForm[form], der: exactDer(der) };
}

function exactDer(bytes: Uint8Array): Uint8Array {
  const checked = checkDer(bytes);
  return 'top' in checked ? rawOf(bytes, checked.top) : bytes;
}

const bomLeftOut = 'the byte order mark was left out';
const whiteSpaceLeftOut = 'white space around the blocks was left out';

/** What writing the blocks anew has changed. */
function rewriting(before: PemUnits, after: PemUnits, pem: NonNullable<Identified['pem']>): string[] {
  if (textOfUnits(before) === textOfUnits(after)) return [];
  const changes: string[] = [];
  if (before.bom !== '') changes.push(bomLeftOut);
  if (/CR|mixed/.test(pem.lineEnds)) changes.push('line ends became LF');
  const pairs = before.units.map((unit, index) => [unit, after.units[index] ?? unit] as const);
  const labels = pairs.flatMap(([old, { block }]) => {
    const label = /^-----BEGIN ([^-]+)-----/.exec(block)?.[1] ?? old.part.label;
    return label === old.part.label ? [] : [`${old.part.label} became ${label}`];
  });
  append(changes, new Set(labels));
  const isRewritten = pairs.some(([old, { block }]) => old.block.replace(/\r\n?/g, '\n') !== block);
  if (isRewritten && labels.length === 0) changes.push('blocks were written in lines of 64 characters');
  if (!pem.finalNewline) changes.push('a line end was added at the end');
  return changes.length > 0 ? changes : [whiteSpaceLeftOut];
}
