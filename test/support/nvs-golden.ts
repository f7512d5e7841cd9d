import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../../src/core/result.ts';
import { encrypt } from '../../src/formats/nvs/crypto.ts';
import { readCsv } from '../../src/formats/nvs/csv-read.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import { decodeKeys } from '../../src/formats/nvs/keys.ts';
import type { NvsVersion } from '../../src/formats/nvs/layout.ts';
import type { NvsProfile } from '../../src/formats/nvs/model.ts';

/** A case of the reference generators: its input, and the hash of what either of them makes of it. */
export interface GoldenCase {
  readonly name: string;
  readonly cmd: 'generate' | 'encrypt' | 'generate-key';
  readonly csv: string;
  readonly size: number;
  readonly version?: NvsVersion;
  readonly key?: string;
  readonly new?: string;
  readonly legacy?: string;
}

/** The reference writes what no device can read, or not what was meant; at-pki refuses. */
export const refused =
  /^(key_before_namespace|blob_before_namespace|ns_255|dup_|size_0x1000|size_0x2000|size_ro_|key_utf8_15|str_upper_encoding|hex_upper_encoding|csv_too_many_fields|csv_type_unknown|csv_type_upper|csv_file_upper|csv_spaces_fields2|key_empty|ns_empty|str_space_quote|csv_nul|csv_unclosed_quote|b64_junk|prim_text_underscore|prim_upper_encoding|enc_key_badcrc|blob_fill|wifi_ap)/;

/** at-pki takes it and does better: UTF-8 counted in bytes, lines in quotes kept, a byte order mark or blank line ignored, any name of a key file. */
export const better = /^(str_utf8|bin_data_utf8|str_multiline_hash|csv_bom|csv_space_line|enc_key_lead0|enc_key_ext)/;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What at-pki makes of the case, or every message. `files`: the folder of what the CSV names, if it is another. */
export function runGolden(
  folder: string,
  one: GoldenCase,
  profile: NvsProfile,
  files = folder,
): Result<Uint8Array, string[]> {
  const read = (name: string, from = folder) => new Uint8Array(readFileSync(join(from, name)));
  const csv = readCsv({
    file: one.csv,
    bytes: read(one.csv),
    ...(one.version && { version: one.version }),
    readFile: (name) => {
      try {
        return ok(read(name, files));
      } catch (error) {
        return fail({ code: 'source-unreadable', message: String(error) });
      }
    },
  });
  const errors = csv.diagnostics.filter(isError).map((problem) => problem.message);
  if (errors.length > 0) return fail(errors);
  const encoded = encode(csv.content, { size: one.size, profile, ...(one.version && { version: one.version }) });
  if (!encoded.ok) return fail(encoded.error.map((problem) => problem.message));
  if (one.key === undefined) return ok(encoded.value.image);
  try {
    const keys = decodeKeys(read(one.key));
    if (!keys.ok) return fail([keys.error.message]);
    const encrypted = encrypt(encoded.value.image, keys.value);
    return encrypted.ok ? encrypted : fail([encrypted.error.message]);
  } catch (error) {
    return fail([String(error)]);
  }
}
