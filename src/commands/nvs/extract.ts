import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { type NewFile, whatIsInTheWay, writeFiles } from '../../files/write-files.ts';
import type { Input } from '../../formats/input.ts';
import { bytesOf } from '../../formats/nvs/content.ts';
import { writeCsv } from '../../formats/nvs/csv-write.ts';
import { freeName } from '../../formats/nvs/file-name.ts';
import { locate } from '../../formats/nvs/locate.ts';
import type { NvsContent, NvsEntry } from '../../formats/nvs/model.ts';
import { nvsIn } from '../../formats/nvs/read.ts';
import { isSecret } from '../../formats/nvs/secret.ts';
import { describe, isCertificate } from '../../pki/describe.ts';
import { pemBlocks } from '../../pki/pem.ts';
import type { Arguments } from '../command.ts';
import { sourceOf } from './options.ts';

/** The CSV that holds the integers, and what is needed to make the image again. */
const csvName = 'nvs.csv';

export interface Extracted {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Writes strings and blobs of an NVS image to FOLDER/<namespace>/<key>, the rest to FOLDER/nvs.csv; undefined where it
 * is no NVS image. Writes all or, if anything stands in the way, nothing.
 */
export function extractNvs(args: Arguments, input: Input, folder: string, cwd: string): Extracted | undefined {
  if (locate(input.bytes).length === 0) return undefined;
  const read = nvsIn(cwd, sourceOf(args), input);
  if (!read.ok) return { files: [], diagnostics: [read.error] };
  const { decoded, diagnostics } = read.value;
  const { files, folders } = unpacked(decoded);
  const named = files.map((one): NewFile => {
    const shown = join(folder, one.name);
    return { ...one, name: shown, file: resolve(cwd, shown), within: resolve(cwd, folder) };
  });
  const parents = folders.map((one) => ({ name: join(folder, one), file: resolve(cwd, folder, one) }));
  const inTheWay = whatIsInTheWay(named, { force: args.flag('force'), parents });
  if (inTheWay.length > 0) return { files: [], diagnostics: [...diagnostics, ...inTheWay] };
  const written = writeFiles(named);
  if (!written.ok) return { files: [], diagnostics: [...diagnostics, written.error] };
  return { files: named.map((one) => one.name), diagnostics };
}

/** The files, named from the folder that they go to, and the folders in it. */
function unpacked(content: NvsContent): { files: Omit<NewFile, 'file'>[]; folders: string[] } {
  const folderOf = new Map<string, string>();
  const takenFolders = new Set([csvName]);
  const takenIn = new Map<string, Set<string>>();
  const secret = new Map<string, boolean>();
  const nameOf = (entry: NvsEntry): string => {
    const { namespace, key } = entry;
    const folder = folderOf.get(namespace) ?? freeName(namespace, '', takenFolders);
    folderOf.set(namespace, folder);
    const taken = takenIn.get(folder) ?? new Set<string>();
    takenIn.set(folder, taken);
    // With `/` on every system: it goes into the CSV.
    const name = `${folder}/${freeName(key, extensionOf(entry), taken)}`;
    secret.set(name, isSecret(entry));
    return name;
  };
  const { csv, files } = writeCsv(content, { nameOf });
  const values = files.map((one) => ({ ...one, secret: secret.get(one.name) ?? false }));
  // What is left for the CSV are integers and names.
  const list = { name: csvName, bytes: new TextEncoder().encode(csv), secret: false };
  return { files: [...values, list], folders: [...folderOf.values()] };
}

function extensionOf(entry: NvsEntry): string {
  const bytes = bytesOf(entry) ?? new Uint8Array();
  const isPem = pemBlocks(Buffer.from(bytes).toString('latin1')).length > 0;
  if (isSecret(entry)) return isPem || bytes[0] !== 0x30 ? '.key' : '.der';
  if (isPem) return describe(bytes).some(isCertificate) ? '.crt' : '.pem';
  if (describe(bytes).some(isCertificate)) return '.der';
  return entry.type === 'string' ? '.txt' : '.bin';
}
