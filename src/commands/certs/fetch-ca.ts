import { resolve } from 'node:path';
import { refusalsOf, serverRejections } from '../../checks/acceptance.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count, grouped, printable } from '../../core/text.ts';
import { whatIsInTheWay, writeFiles } from '../../files/write-files.ts';
import { certificatesIn } from '../../formats/certificates.ts';
import { readFile } from '../../formats/input.ts';
import { certificatePem, fingerprintOf } from '../../pki/certificate-der.ts';
import { type FoundCa, findCa } from '../../pki/find-ca.ts';
import type { Certificate } from '../../pki/x509.ts';
import { certificateFields, validityText } from '../../report/certificate.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import type { Arguments, Command, Context } from '../command.ts';
import { nodeRoots } from './roots.ts';
import { addressOf, chainFrom, otherName, serverOptions } from './server-options.ts';

export const fetchCa: Command = {
  name: 'certs fetch-ca',
  summary: 'Get the CA of a TLS server, to put into a CA slot',
  usage: ['certs fetch-ca HOST:PORT -o FILE [options]'],
  about: [
    'Takes the root that the server sends, else the one among the root certificates of Node that signed its chain,',
    'verified by name and signature. It never takes the certificate of the server itself.',
  ].join('\n'),
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', help: 'Where the CA goes, as PEM' },
    roots: { type: 'string', value: 'FILE', help: 'Look for the root in this file, too, e.g. your company’s' },
    ...serverOptions,
    force: { type: 'boolean', short: 'f', help: 'Replace the file if it exists' },
  },
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki certs fetch-ca broker.example:8883 -o raw_data/mqtt_ca/mqtt_ca.crt', 'the CA for the broker'],
    ['at-pki certs fetch-ca 10.0.0.5:443 --servername intranet -o ca.crt', 'of a server with several names'],
  ],
  async run(args, context) {
    const { cwd, now = () => new Date() } = context;
    const [server = ''] = args.words;
    const fetched = await fetch(args, context, now());
    const { fields, lines, diagnostics } = fetched.ok
      ? fetched.value
      : { fields: {}, lines: [], diagnostics: fetched.error };
    const document = { command: 'certs fetch-ca', cwd, fields: { server, ...fields }, lines, diagnostics };
    return present(document, choiceOf(args, context), context);
  },
};

interface Fetched {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

async function fetch(args: Arguments, context: Context, now: Date): Promise<Result<Fetched, readonly Diagnostic[]>> {
  const { cwd } = context;
  const [server = ''] = args.words;
  const output = args.text('output');
  if (output === undefined) {
    return fail([diagnostic('usage', 'certs fetch-ca needs a file to write to', { hint: 'add -o FILE' })]);
  }
  const address = addressOf(server);
  if (!address.ok) return fail([address.error]);
  const target = { name: printable(output), file: resolve(cwd, output) };
  const inTheWay = whatIsInTheWay([target], { force: args.flag('force') });
  if (inTheWay.length > 0) return fail(inTheWay);
  const roots = rootsFor(args, cwd);
  if (!roots.ok) return fail([roots.error]);
  const sent = await chainFrom(address.value, args, context);
  if (!sent.ok) return fail([sent.error]);
  const { text } = address.value;
  const found = findCa(sent.value, roots.value, now);
  if (!found.ok) {
    const { message, hint } = found.error;
    return fail([diagnostic('ca-unknown', `there is no CA to be had for ${text}: ${message}`, { hint })]);
  }
  const bytes = certificatePem(found.value.ca);
  const written = writeFiles([{ ...target, bytes, secret: false }]);
  if (!written.ok) return fail([written.error]);
  return ok({
    fields: {
      file: output,
      size: bytes.length,
      source: found.value.source,
      certificate: certificateFields(found.value.ca, now),
    },
    lines: linesOf(output, bytes.length, found.value, now),
    diagnostics: [
      ...rejectedChain(text, sent.value, now),
      ...otherName(sent.value[0], args.text('servername') ?? address.value.host),
      ...warningsOf(text, found.value),
    ],
  });
}

/** Returns what makes the device reject the server, whatever its CA. */
const rejectedChain = (server: string, sent: readonly Certificate[], now: Date): Diagnostic[] =>
  serverRejections(sent, now).map(({ check, message, deviceCodes }) =>
    diagnostic(check, `the device rejects what ${server} sends: ${message}`, { severity: 'warning', deviceCodes }),
  );

function rootsFor(args: Arguments, cwd: string): Result<readonly Certificate[], Diagnostic> {
  const name = args.text('roots');
  if (name === undefined) return ok(nodeRoots());
  const content = readFile(cwd, name);
  if (!content.ok) return content;
  const { certificates } = certificatesIn(content.value);
  if (certificates.length > 0) return ok([...certificates, ...nodeRoots()]);
  return fail(diagnostic('usage', `--roots ${printable(name)} holds no certificate`));
}

function linesOf(output: string, size: number, { ca, source }: FoundCa, now: Date): string[] {
  const origin =
    source === 'sent' ? 'sent by the server' : 'found among the known roots: it signed what the server sent';
  return [
    `${output}: the CA ${ca.subject.text}`,
    `  ${origin}`,
    `  valid    ${validityText(ca, now)}`,
    `  SHA-256  ${fingerprintOf(ca)}`,
    `  ${count(size, 'byte')}: its partition must hold that many and ${grouped(itemOverhead)} more (some have 4,096 in all)`,
  ];
}

/** Bytes of a PKI bin around one item: both headers, and up to three to a multiple of four. */
const itemOverhead = 15;

function warningsOf(server: string, { ca, isKnown }: FoundCa): Diagnostic[] {
  const warnings = refusalsOf(ca).map((why) => {
    return diagnostic('ca-unverified', `the device would refuse this CA: ${why}`, {
      hint: 'have the server use another CA: RSA of 2048 bits or more, or EC on P-256',
    });
  });
  if (isKnown) return warnings;
  const message = `only ${server} itself vouches for this CA: it is not among the known roots`;
  const hint = 'compare its SHA-256 with what its owner tells you, before devices trust it';
  return [...warnings, diagnostic('ca-unverified', message, { hint })];
}
