import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { append } from '../../core/lists.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type NewFile, whatIsInTheWay, writeFiles } from '../../files/write-files.ts';
import { roleOf, slotKinds } from '../../firmware/sets.ts';
import { dayOf } from '../../pki/time.ts';
import { openProject } from '../../project/open.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { shownFrom } from '../../sources/glob.ts';
import type { Arguments, Command } from '../command.ts';
import { projectOptions } from '../options.ts';
import { type CreateRequest, readRequest, type SetRequest } from './create-request.ts';
import { hostFileNames, type Material, makeMaterial, tryCommand } from './material.ts';
import { type Places, placesIn, placesOf } from './places.ts';

const { module, table, 'no-exec': noExec } = projectOptions;
const note = 'for development only: whoever has the folder of the other party can pass for both; keep it out of git';

export const create: Command = {
  name: 'certs create',
  summary: 'Make CAs, certificates and keys for development',
  usage: ['certs create [SET…] [options]'],
  about: [
    'SET is client, server, mqtt, wss, https, wpa2 or wpa_ent; client.1 is the second of client. Without any:',
    'client and server. Each set gets two CAs of its own, one for the device and one for the other party, whose',
    'files go to the folder that --host names, with a README.txt on how to try them with openssl.',
    'These are for development: do not put them onto devices that are sold.',
  ].join('\n'),
  options: {
    'key-type': { type: 'string', choices: ['ec', 'rsa'], help: 'Kind of all keys (default: ec)' },
    bits: { type: 'string', value: 'N', help: 'ec: 256, 384 or 521; rsa: 2048, 3072 or 4096 (default: the first)' },
    cn: { type: 'string', value: '[SET=]NAME', multiple: true, help: 'Common name of the device’s certificate' },
    san: {
      type: 'string',
      value: '[SET=]NAMES',
      multiple: true,
      help: 'Names and addresses of the server: the device (set server) or the other party',
    },
    days: { type: 'string', value: 'N', help: 'How long all are valid (default: 3650)' },
    'not-before': { type: 'string', value: 'DATE', help: 'From when on, e.g. 2026-01-31 (default: today, in UTC)' },
    host: { type: 'string', value: 'DIR', help: 'Where the files of the other party go (default: certs-host)' },
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      help: 'Use this folder instead of the raw_data of the project',
    },
    force: { type: 'boolean', short: 'f', help: 'Replace files that exist' },
    module,
    table,
    'no-exec': noExec,
  },
  conflicts: [
    ['output', 'module'],
    ['output', 'table'],
  ],
  words: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    ['at-pki certs create', 'client and server, into the raw_data of the checkout here'],
    ['at-pki certs create mqtt --san mqtt=broker.local,192.168.1.5', 'for a broker of your own'],
    ['at-pki certs create client.1 --key-type rsa', 'the second client set, with RSA keys of 2048 bits'],
  ],
  async run(args, context) {
    const { cwd, now = () => new Date() } = context;
    const made = await createSets(args, cwd, now());
    const { fields, lines, diagnostics } = made.ok ? made.value : { fields: {}, lines: [], diagnostics: made.error };
    return present({ command: 'certs create', cwd, fields, lines, diagnostics }, choiceOf(args, context), context);
  },
};

interface Created {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

interface PlannedSet extends SetRequest {
  readonly places: Places;
  /** Absolute. */
  readonly hostFolder: string;
}

async function createSets(args: Arguments, cwd: string, now: Date): Promise<Result<Created, readonly Diagnostic[]>> {
  const request = readRequest(args, now);
  if (!request.ok) return fail([request.error]);
  const planned = await placeSets(args, request.value, cwd);
  if (!planned.ok) return planned;
  // Before the keys are made, which may take a while.
  const targets = planned.value.flatMap((one) => targetsOf(one, cwd));
  const inTheWay = whatIsInTheWay(targets, { force: args.flag('force') });
  if (inTheWay.length > 0) return fail(inTheWay);
  const files: NewFile[] = [];
  for (const one of planned.value) {
    const { keyKind, notBefore, notAfter } = request.value;
    // One after the other: each set keeps the cores busy with its four keys.
    const material = await makeMaterial({ ...one, keyKind, notBefore, notAfter, serial });
    append(files, filesOf(one, material, cwd, args.text('output')));
  }
  const written = writeFiles(files);
  if (!written.ok) return fail([written.error]);
  return ok(shown(planned.value, request.value, cwd));
}

/** 127 random bits below a fixed one: positive, and of one length (RFC 5280, 4.1.2.2). */
function serial(): Uint8Array {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes;
}

async function placeSets(
  args: Arguments,
  { sets }: CreateRequest,
  cwd: string,
): Promise<Result<PlannedSet[], readonly Diagnostic[]>> {
  const places = await placesFor(args, cwd);
  if (!places.ok) return places;
  const host = resolve(cwd, args.text('host') ?? 'certs-host');
  const planned: PlannedSet[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const request of sets) {
    const found = places.value(request.set);
    if (found.ok) planned.push({ ...request, places: found.value, hostFolder: join(host, request.set.title) });
    else append(diagnostics, found.error);
  }
  return diagnostics.length > 0 ? fail(diagnostics) : ok(planned);
}

type FindPlaces = (set: SetRequest['set']) => ReturnType<typeof placesIn>;

async function placesFor(args: Arguments, cwd: string): Promise<Result<FindPlaces, readonly Diagnostic[]>> {
  const output = args.text('output');
  if (output !== undefined) return ok((set) => placesIn(resolve(cwd, output), set));
  const [config, moduleName, tableFile] = ['config', 'module', 'table'].map((name) => args.text(name));
  const { project, diagnostics } = await openProject({
    ...{ cwd, exec: !args.flag('no-exec') },
    config,
    module: moduleName,
    table: tableFile,
  });
  if (project !== undefined) return ok((set) => placesOf(project, set));
  const hint = 'go to an esp-at checkout or a folder with a config, or choose a folder by -o';
  return fail(diagnostics.map((found) => (found.code === 'nothing-to-build' ? { ...found, hint } : found)));
}

const targetsOf = ({ set, places, hostFolder }: PlannedSet, cwd: string): Pick<NewFile, 'file' | 'name'>[] =>
  [...slotKinds.map((kind) => places[kind]), ...hostFileNames(set).map((name) => join(hostFolder, name))].map(
    (file) => ({ file, name: shownFrom(cwd, file) }),
  );

/** Without `output` the files of the device go where the project has its sources, which may well be links. */
function filesOf(
  { places, hostFolder }: PlannedSet,
  { device, host }: Material,
  cwd: string,
  output: string | undefined,
): NewFile[] {
  const within = output === undefined ? {} : { within: resolve(cwd, output) };
  const own = slotKinds.map((kind): NewFile => {
    const file = places[kind];
    return { file, name: shownFrom(cwd, file), bytes: device[kind], secret: kind === 'key', ...within };
  });
  const others = host.map(({ name, bytes, secret }): NewFile => {
    const file = join(hostFolder, name);
    return { file, name: shownFrom(cwd, file), bytes, secret, within: dirname(hostFolder) };
  });
  return [...own, ...others];
}

function shown(planned: readonly PlannedSet[], request: CreateRequest, cwd: string): Created {
  const { keyKind, notBefore, notAfter } = request;
  const key = keyKind.type === 'ec' ? `EC P-${keyKind.bits}` : `RSA ${keyKind.bits}`;
  const sets = planned.map(({ set, places, hostFolder, names }) => ({
    set: set.title,
    role: roleOf(set),
    names,
    ca: shownFrom(cwd, places.ca),
    cert: shownFrom(cwd, places.cert),
    key: shownFrom(cwd, places.key),
    host: shownFrom(cwd, hostFolder),
  }));
  const lines = planned.flatMap(({ set, names }, index) => {
    const one = sets[index];
    if (one === undefined) return [];
    return [
      `${set.title}: the device is the ${one.role}; the names of the server are ${names.join(', ')}`,
      `  ${one.ca}  the CA of the other party`,
      `  ${one.cert}  signed by a CA of the device`,
      `  ${one.key}`,
      `  ${one.host}/  the other party's; there: ${tryCommand(set, names)}`,
    ];
  });
  const validity = `${key}, valid from ${dayOf(notBefore)} to ${dayOf(notAfter)}; ${note}`;
  return {
    fields: { key, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString(), sets, note },
    lines: [...lines, validity],
    diagnostics: [],
  };
}
