/** Signals that end a process which does not listen for them. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that leaves something behind if the process is ended in the middle of it: a running program, a folder with
 * keys. Without a signal of the caller the work gets one that aborts when the system asks this process to end; once the
 * work is over, the process ends by that signal after all, unless another listener has taken it on.
 */
export async function interruptible<Value>(
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (given !== undefined) return work(given);
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const listen = (signal: NodeJS.Signals): void => {
    received = signal;
    controller.abort();
  };
  for (const signal of signals) process.on(signal, listen);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, listen);
    if (received !== undefined && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}
