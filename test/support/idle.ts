// The real one, whatever stands in for the global at the time.
import { setImmediate } from 'node:timers';

/** Turns of the event loop that are asked for here, and so are nothing that goes on. */
let ownTurns = 0;

/**
 * Resolves when nothing goes on in this process any more but waits. A turn of the event loop lets all promises that can
 * go on do so, `process.nextTick` included; it is over when none of them is left. A call to the file system is under
 * way for as long as the system takes, which Node tells (`FSReqPromise` and the like), as it tells of an immediate.
 *
 * It does not see sockets, child processes, or work of the thread pool besides files (zlib and WebCrypto without
 * `Sync`): what comes of these is not waited for.
 */
export async function idle(): Promise<void> {
  do await turn();
  while (isBusy());
}

function turn(): Promise<void> {
  ownTurns++;
  return new Promise((resolve) => {
    setImmediate(() => {
      ownTurns--;
      resolve();
    });
  });
}

function isBusy(): boolean {
  let immediates = 0;
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind === 'Immediate') immediates++;
    else if (kind.startsWith('FSReq') || kind.endsWith('CloseReq')) return true;
  }
  return immediates > ownTurns;
}
