import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { sizeText } from '../core/text.ts';
import { reasonOf, whyNoFile } from './path-kind.ts';
import { maxFileSize, type ReadProblem } from './read-stable.ts';

/** Says why a file that is there cannot be read. `file` is absolute, `name` what messages call it. */
export function unreadable(file: string, name: string, problem: ReadProblem): Diagnostic {
  const place = { file };
  switch (problem.code) {
    case 'EISDIR':
      return whyNoFile(file, 'folder', name);
    case 'SPECIAL':
      return whyNoFile(file, 'special', name);
    case 'CHANGING': {
      const hint = 'run again when whatever writes it is done';
      return diagnostic('source-changing', `${name} kept changing while it was read`, { place, hint });
    }
    case 'TOO_LARGE': {
      const hint = 'see whether the right file is named';
      return diagnostic('source-unreadable', `${name} is larger than any flash (${sizeText(maxFileSize)})`, {
        place,
        hint,
      });
    }
    case 'EACCES':
    case 'EPERM': {
      const hint = 'let this user read it (chmod u+r)';
      return diagnostic('source-unreadable', `${name} cannot be read: permission denied`, { place, hint });
    }
    default:
      return diagnostic('source-unreadable', `${name} cannot be read (${reasonOf(problem.code)})`, { place });
  }
}
