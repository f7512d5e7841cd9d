import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { WriteProblem } from '../files/write-problem.ts';

/** What a command says of a file that it could not write. */
export const writeFailed = ({ file, message, hint }: WriteProblem): Diagnostic =>
  diagnostic('write-failed', message, { place: { file }, hint });
