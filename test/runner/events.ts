import { inspect } from 'node:util';

/** Event of node:test as it goes to the runner: the same on every version of Node. */
export interface TestEvent {
  readonly type: string;
  readonly name: string;
  readonly nesting: number;
  readonly message: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly milliseconds: number;
  readonly kind: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Text of the error, of a test that failed. */
  readonly error?: string;
  readonly failureType?: string;
}

interface NodeEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly message?: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: {
      readonly duration_ms?: number;
      readonly type?: string;
      readonly error?: { readonly cause?: unknown; readonly failureType?: string };
    };
  };
}

// A runner that was killed leaves no test files at work.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();

/** Reporter of a test file: sends each event to the runner as it happens. Files print what they like to stdout. */
export default async function* events(source: AsyncIterable<NodeEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (process.connected) process.send?.(plain(event));
    yield '';
  }
}

function plain({ type, data }: NodeEvent): TestEvent {
  const { name = '', nesting = 0, message = '', file, line, column, skip, todo, details } = data;
  return {
    ...{ type, name, nesting, message, milliseconds: details?.duration_ms ?? 0, kind: details?.type ?? 'test' },
    ...(file !== undefined && line !== undefined && column !== undefined && { file, line, column }),
    ...(skip !== undefined && { skip }),
    ...(todo !== undefined && { todo }),
    ...(details?.error && {
      error: inspect(details.error.cause ?? details.error),
      failureType: String(details.error.failureType),
    }),
  };
}
