import { join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { kindOfPath } from '../files/path-kind.ts';
import { type Piece, parsePiece, stemOf } from '../flash/pieces.ts';
import { freeName } from '../formats/nvs/file-name.ts';

/** A piece of the flash, and the file that it goes to. */
export interface Target {
  readonly piece: Piece;
  /** Absolute. */
  readonly file: string;
  /** What messages call it. */
  readonly name: string;
}

/**
 * Where the pieces that the user names go: a single one to the file `output`, unless that is a folder; several to
 * files in it, named by themselves.
 */
export function targetsOf(
  words: readonly string[],
  output: string | undefined,
  cwd: string,
): Result<readonly Target[], readonly Diagnostic[]> {
  if (output === undefined) return words.length === 0 ? ok([]) : fail([noOutput]);
  if (words.length === 0) return fail([nothing]);
  const pieces: Piece[] = [];
  const problems: Diagnostic[] = [];
  for (const word of new Set(words)) {
    const piece = parsePiece(word);
    if (piece.ok) pieces.push(piece.value);
    else problems.push(piece.error);
  }
  if (problems.length > 0) return fail(problems);
  const [first] = pieces;
  if (first && pieces.length === 1 && !/[/\\]$/.test(output) && kindOfPath(resolve(cwd, output)) !== 'folder') {
    return ok([{ piece: first, file: resolve(cwd, output), name: output }]);
  }
  const taken = new Set<string>();
  return ok(
    pieces.map((piece) => {
      const name = join(output, freeName(stemOf(piece), '.bin', taken));
      return { piece, file: resolve(cwd, name), name };
    }),
  );
}

const noOutput = diagnostic('usage', 'read needs a file or folder to write to', { hint: 'add -o FILE, or -o DIR' });
const nothing = diagnostic('usage', 'nothing says what is to be read', {
  hint: 'name partitions, ranges such as 0x8000:4K, or flash; at-pki read alone lists the partitions',
});
