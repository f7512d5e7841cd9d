import { resolve } from 'node:path';
import { chainRejections, serverRejections } from '../../checks/acceptance.ts';
import { unparsable } from '../../checks/unparsable.ts';
import { concat } from '../../core/bytes.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { append } from '../../core/lists.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { count, listed, printable, sizeText } from '../../core/text.ts';
import { kindOfPath } from '../../files/path-kind.ts';
import { whatIsInTheWay, writeFiles } from '../../files/write-files.ts';
import { certificatesIn, type Found } from '../../formats/certificates.ts';
import { mostBytes } from '../../formats/identify.ts';
import { readFile } from '../../formats/input.ts';
import { certificatePem } from '../../pki/certificate-der.ts';
import { chainsOf, type IssuerOf, issuersAmong } from '../../pki/chains.ts';
import type { Certificate } from '../../pki/x509.ts';
import { certificateFields, certificateLines, type SignedBy } from '../../report/certificate.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import type { Arguments, Command, Context } from '../command.ts';
import { nodeRoots } from './roots.ts';
import { addressOf, chainFrom, otherName, serverOptions } from './server-options.ts';

export const show: Command = {
  name: 'certs show',
  summary: 'Show the certificates of a file or a TLS server',
  usage: ['certs show FILE|HOST:PORT [options]'],
  about: [
    'From the leaf to the root: names, validity, key and signature of each, whether the next one signed it, and',
    'whether the mbedTLS of ESP-AT accepts its key and signature. FILE is PEM, DER, PKCS #7, a PKI bin or an NVS',
    'image. A server is only looked at: nothing about it need be trusted.',
  ].join('\n'),
  options: {
    ...serverOptions,
    pem: { type: 'boolean', help: 'Print the certificates as PEM, leaf first; with -o write them' },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'Where --pem writes them' },
    force: { type: 'boolean', short: 'f', help: 'Replace that file if it exists' },
  },
  words: { min: 1, max: 1 },
  examples: [
    ['at-pki certs show raw_data/mqtt_ca/mqtt_ca.crt', 'a file'],
    ['at-pki certs show broker.example:8883', 'what a server sends'],
    ['at-pki certs show broker.example:8883 --pem -o chain.pem', 'save its chain'],
  ],
  async run(args, context) {
    const { cwd, now = () => new Date() } = context;
    const choice = choiceOf(args, context);
    const [name = ''] = args.words;
    const shown = (fields: object, lines: readonly string[], diagnostics: readonly Diagnostic[]) => {
      const document = { command: 'certs show', cwd, fields: { source: name, ...fields }, lines, diagnostics };
      return present(document, choice, context);
    };
    const found = await certificatesOf(name, args, context);
    if (!found.ok) return shown({}, [], [found.error]);
    const { certificates, damaged, others, host } = found.value;
    const isServer = host !== undefined;
    const chains = chainsOf(certificates, issuersAmong(certificates));
    const time = now();
    // Whoever saves a chain wants it as it is.
    const severity = isServer && !args.flag('pem') ? 'error' : 'warning';
    const rejections = isServer ? serverRejections(certificates, time) : chains.flatMap(chainRejections);
    const diagnostics = [
      ...damaged.map((why) => diagnostic(unparsable, `a certificate of ${printable(name)}: ${why}`)),
      ...rejections.map(({ check, message, deviceCodes }) =>
        diagnostic(check, `the device rejects this chain: ${message}`, { severity, deviceCodes }),
      ),
      ...(host === undefined ? [] : otherName(certificates[0], host)),
    ];
    const described = describedChains(chains, certificates);
    const fields = {
      chains: described.map((chain) =>
        chain.map(({ certificate, signedBy, position }) => {
          return { position, ...certificateFields(certificate, time), signedBy };
        }),
      ),
    };
    const pem = concat(chains.flat().map(certificatePem));
    const pemText = Buffer.from(pem).toString('latin1');
    const output = args.text('output');
    if (output !== undefined) {
      const problems = save(output, pem, args.flag('force'), cwd);
      const done = `${count(certificates.length, 'certificate')} written to ${output}`;
      return shown({ ...fields, file: output }, problems.length === 0 ? [done] : [], [...diagnostics, ...problems]);
    }
    if (args.flag('pem')) return shown({ ...fields, pem: pemText }, pemText.trimEnd().split('\n'), diagnostics);
    return shown(fields, linesOf(name, described, others, time), diagnostics);
  },
};

/** A file of that name is meant rather than a server. */
async function certificatesOf(
  name: string,
  args: Arguments,
  context: Context,
): Promise<Result<Found & { readonly host?: string }, Diagnostic>> {
  const { cwd } = context;
  if (/:[0-9]+$|:\/\//.test(name) && kindOfPath(resolve(cwd, name)) === 'absent') {
    const address = addressOf(name);
    if (!address.ok) return address;
    const sent = await chainFrom(address.value, args, context);
    if (!sent.ok) return sent;
    const host = args.text('servername') ?? address.value.host;
    return ok({ what: 'chain', certificates: sent.value, damaged: [], others: [], host });
  }
  const content = readFile(cwd, name);
  if (!content.ok) {
    if (content.error.code !== 'source-missing') return content;
    return fail({ ...content.error, hint: `${content.error.hint ?? ''}; a server is named HOST:PORT` });
  }
  const found = certificatesIn(content.value);
  if (found.certificates.length > 0 || found.damaged.length > 0) return ok(found);
  const place = { file: resolve(cwd, name) };
  const what = found.what === 'empty' ? 'is empty' : `holds no certificate: ${whatText(found)}`;
  const hint = found.what === 'PKCS #12' ? 'take its certificates out: openssl pkcs12 -nokeys -in FILE' : undefined;
  return fail(diagnostic('image-unknown', `${printable(name)} ${what}`, { place, hint }));
}

function whatText({ what, others }: Found): string {
  if (others.length > 0) return `only ${listed([...new Set(others)])}`;
  if (what === 'oversize') return `it has more bytes than any flash holds (${sizeText(mostBytes)})`;
  return /^(text|data)$/.test(what) ? `it is ${what}` : `nothing in this ${what} is one`;
}

interface Described {
  readonly certificate: Certificate;
  readonly signedBy: SignedBy;
  /** Where it stands in the file or in what was sent, from 1. */
  readonly position: number;
}

function describedChains(chains: readonly (readonly Certificate[])[], all: readonly Certificate[]): Described[][] {
  const issuerOf = issuersAmong(all);
  let rootOf: IssuerOf | undefined;
  const signerOf = (certificate: Certificate): SignedBy => {
    const issuer = issuerOf(certificate);
    if (issuer === certificate) return 'itself';
    if (issuer !== undefined) return 'next';
    rootOf ??= issuersAmong(nodeRoots());
    return rootOf(certificate) === undefined ? 'unknown' : 'root';
  };
  const positions = new Map(all.map((one, index) => [one, index + 1]));
  return chains.map((chain) =>
    chain.map((certificate) => {
      return { certificate, signedBy: signerOf(certificate), position: positions.get(certificate) ?? 0 };
    }),
  );
}

function linesOf(
  name: string,
  chains: readonly (readonly Described[])[],
  others: readonly string[],
  now: Date,
): string[] {
  const all = chains.flat();
  // Then what is wrong has been said.
  if (all.length === 0) return [];
  const lines = [
    `${name}: ${count(all.length, 'certificate')}${chains.length > 1 ? ` in ${chains.length} chains` : ''}`,
  ];
  for (const [index, chain] of chains.entries()) {
    if (chains.length > 1) lines.push(`chain ${index + 1}`);
    for (const { certificate, signedBy } of chain) {
      append(
        lines,
        certificateLines(certificate, signedBy, now).map((line) => `  ${line}`),
      );
    }
  }
  const isOrdered = all.every(({ position }, index) => index === 0 || position > (all[index - 1]?.position ?? 0));
  if (!isOrdered) {
    const order = all.map(({ position }) => position).join(', ');
    lines.push(`They stand in another order there (${order}): each should be followed by the one that signed it.`);
  }
  if (others.length > 0) lines.push(`Beside them: ${listed(others)}`);
  return lines;
}

function save(name: string, bytes: Uint8Array, force: boolean, cwd: string): readonly Diagnostic[] {
  const file = { name, file: resolve(cwd, name), bytes, secret: false };
  const inTheWay = whatIsInTheWay([file], { force });
  if (inTheWay.length > 0) return inTheWay;
  const written = writeFiles([file]);
  return written.ok ? [] : [written.error];
}
