import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import { codeOf } from '../files/path-kind.ts';

/** What to tell when the system refuses to watch. */
export function watchFailed(error: unknown): Diagnostic {
  const code = codeOf(error);
  const [why, mend] = reasons[code] ?? [`the system says ${code}`, undefined];
  const hint = ['watch with --poll, which needs none of that', ...(mend ? [mend] : [])].join(', or ');
  return diagnostic('watch-failed', `changes cannot be watched for: ${why}`, { hint });
}

/** By the system's name. inotify has two limits of its own, and says ENOSPC and EMFILE where they are reached. */
const reasons: Readonly<Record<string, readonly [why: string, mend: string]>> = {
  ENOSPC: [
    'all watches of this user are in use (fs.inotify.max_user_watches)',
    'allow more: sudo sysctl fs.inotify.max_user_watches=524288',
  ],
  EMFILE: [
    'too many files or watchers are open (fs.inotify.max_user_instances, ulimit -n)',
    'allow more: sudo sysctl fs.inotify.max_user_instances=512',
  ],
};
