import { spec } from 'node:test/reporters';
import type { TestEvent } from './events.ts';
import type { FileResult } from './file-run.ts';

const counters = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const;
type Counts = Record<(typeof counters)[number], number>;

/** Prints the results of test files as they end: every test on a terminal, else a line for each file and what failed. */
export class Report {
  readonly #isWhole: boolean;
  readonly #spec = new spec();
  readonly #counts: Counts = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };
  readonly #skipped = new Map<string, string[]>();
  readonly #started = performance.now();
  #isOver = false;

  constructor(isTerminal: boolean) {
    this.#isWhole = isTerminal;
    // Elsewhere the list of failures at the end is enough.
    this.#spec
      .setEncoding('utf8')
      .on('data', (text: string) => (this.#isWhole || this.#isOver) && process.stdout.write(text));
  }

  get hasFailed(): boolean {
    return this.#counts.fail + this.#counts.cancelled > 0;
  }

  add({ file, events, output, problems, milliseconds }: FileResult): void {
    const name = nameOf(file);
    const own = events.filter(({ type }) => type === 'test:pass' || type === 'test:fail');
    for (const event of own) this.#count(event, name);
    const failed = problems.length > 0 || own.some(({ type, todo }) => type === 'test:fail' && !todo);
    const line = `${failed ? '✖' : '✔'} ${name}: ${own.length} tests, ${(milliseconds / 1000).toFixed(1)} s\n`;
    process.stdout.write(this.#isWhole ? `\n${line}` : line);
    for (const event of shownOf(events, this.#isWhole)) this.#show(event);
    for (const problem of problems) this.#addProblem(name, problem);
    if (output !== '' && (failed || this.#isWhole)) process.stdout.write(`${output.trimEnd()}\n`);
  }

  /** Totals, failures again, and what was skipped. */
  async end(): Promise<void> {
    this.#isOver = true;
    const totals = { ...this.#counts, duration_ms: Math.round(performance.now() - this.#started) };
    for (const [name, value] of Object.entries(totals)) {
      this.#spec.write({ type: 'test:diagnostic', data: { nesting: 0, message: `${name} ${value}`, level: 'info' } });
    }
    await new Promise<void>((resolve) => this.#spec.end().on('end', resolve));
    if (this.#skipped.size > 0) process.stdout.write('\nskipped tests, and why:\n');
    for (const [reason, names] of this.#skipped) {
      process.stdout.write(`  ${reason}\n${names.map((name) => `    ${name}\n`).join('')}`);
    }
  }

  #count({ type, name, skip, todo, kind, failureType }: TestEvent, file: string): void {
    if (kind === 'suite') return void this.#counts.suites++;
    this.#counts.tests++;
    if (isSet(skip)) {
      this.#counts.skipped++;
      const reason = typeof skip === 'string' && skip !== '' ? skip : 'without a reason';
      this.#skipped.set(reason, [...(this.#skipped.get(reason) ?? []), `${file}: ${name}`]);
    } else if (isSet(todo)) this.#counts.todo++;
    else if (type === 'test:pass') this.#counts.pass++;
    else if (failureType === 'cancelledByParent') this.#counts.cancelled++;
    else this.#counts.fail++;
  }

  /** Problem of a process, as a test that failed. */
  #addProblem(file: string, problem: string): void {
    this.#counts.tests++;
    this.#counts.fail++;
    const about = { name: file, nesting: 0, message: '', milliseconds: 0, kind: 'test' };
    this.#show({ type: 'test:start', ...about });
    this.#show({ type: 'test:fail', ...about, error: problem, failureType: 'testCodeFailure' });
  }

  #show(event: TestEvent): void {
    const { type, name, nesting, message, file, line, column, skip, todo, milliseconds, kind, error, failureType } =
      event;
    const details = { duration_ms: milliseconds, type: kind, ...(error && { error: failure(error, failureType) }) };
    this.#spec.write({
      type,
      data: { name, nesting, message, file, line, column, skip, todo, details, testNumber: 1, level: 'info' },
    });
  }
}

const isSet = (value: string | boolean | undefined): boolean => value !== undefined && value !== false;

/** `config/yaml` for `…/.out/test/config/yaml.test.js`. */
export const nameOf = (file: string): string =>
  file.replace(/^.*\.out[/\\]test[/\\]/, '').replace(/(\.test)?\.js$/, '');

/** The events to print, all or of what failed. A process that ended early has tests that never end: they are left out. */
function shownOf(events: readonly TestEvent[], isWhole: boolean): TestEvent[] {
  const shown: TestEvent[] = [];
  const begun: number[] = [];
  for (const event of events) {
    if (event.type === 'test:start') {
      begun.push(shown.length);
      shown.push(event);
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const start = begun.pop() ?? 0;
      if (isWhole || event.type === 'test:fail') shown.push(event);
      else shown.splice(start);
    } else if (event.type === 'test:diagnostic' && isWhole && !isTotal(event)) shown.push(event);
  }
  return shown.slice(0, begun[0] ?? shown.length);
}

/** The totals of a file are added up to those of the run. */
const isTotal = ({ nesting, message }: TestEvent): boolean =>
  nesting === 0 && /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(message);

/** An error that is printed as its text. */
function failure(text: string, failureType: string | undefined): Error {
  return Object.defineProperties(new Error(), {
    stack: { value: text },
    failureType: { value: failureType, enumerable: false },
  });
}
