import { describe, isCertificate } from '../../pki/describe.ts';
import { pemParts } from '../../pki/pem-file.ts';
import type { Unpacked } from '../opened-image.ts';
import { bytesOf } from './content.ts';
import { writeCsv } from './csv-write.ts';
import { freeName } from './file-name.ts';
import type { NvsContent, NvsEntry } from './model.ts';
import { isSecret } from './secret.ts';

/** The CSV that holds the integers, and what is needed to make the image again. */
const csvName = 'nvs.csv';

/** Gives strings and blobs as `<namespace>/<key>`, the rest as a CSV. */
export function unpack(content: NvsContent): Unpacked {
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
  const values = files.map((file) => ({ ...file, secret: secret.get(file.name) ?? false }));
  // What is left for the CSV are integers and names.
  const list = { name: csvName, bytes: new TextEncoder().encode(csv), secret: false };
  return { files: [...values, list], folders: [...folderOf.values()] };
}

function extensionOf(entry: NvsEntry): string {
  const bytes = bytesOf(entry) ?? new Uint8Array();
  const isPem = pemParts(bytes).length > 0;
  if (isSecret(entry)) return isPem || bytes[0] !== 0x30 ? '.key' : '.der';
  if (isPem) return describe(bytes).some(isCertificate) ? '.crt' : '.pem';
  if (describe(bytes).some(isCertificate)) return '.der';
  return entry.type === 'string' ? '.txt' : '.bin';
}
