import { fail, ok, type Result } from '../core/result.ts';
import { grouped } from '../core/text.ts';
import { type PatternGroup, patternGroups } from './pattern-groups.ts';

/*
 * Patterns of paths: `*`, `?`, `[a-z]`, `{a,b}`, `{1..9}`, `@(a|b)`, `?(…)`, `*(…)`, `+(…)`, and `**` for folders at
 * any depth. One is compiled to a nondeterministic automaton, and a name is matched by following all of its states at
 * once (Thompson): length of the name times length of the pattern, whatever both hold. A regular expression would try
 * one way after the other: for `*a*a*a*a*` and a long name, longer than anyone waits.
 */

/** A step of the automaton: consumes a character, or leads on without one. */
type State =
  | { readonly accepts: (character: string) => boolean; readonly takesHidden: boolean; next: number }
  | { next: number; other?: number };

export interface Pattern {
  /** Folders at any depth are looked into: it has a part `**`. */
  readonly isDeep: boolean;
  /** Where matching begins. */
  readonly start: Progress;
  /** Takes in a piece of a path; a name is one piece, the `/` behind it another. */
  step(progress: Progress, piece: string): Progress;
  /** The whole pattern is matched by what was taken in. */
  isMatch(progress: Progress): boolean;
  /** More could be taken in. */
  leadsOn(progress: Progress): boolean;
}

/** The states that the characters so far may lead to. Without any, nothing that follows can match. */
export interface Progress {
  readonly states: ReadonlySet<number>;
  /** The next character is the first of a name. */
  readonly atNameStart: boolean;
}

export interface PatternProblem {
  readonly message: string;
  readonly hint: string;
}

/** As long as a path of Linux. */
export const longestPattern = 4096;
const mostStates = 20_000;
const mostNumbers = 1000;

/** Compiles a pattern whose folders are parted by `/`. A backslash takes the next character literally. */
export function compilePattern(pattern: string): Result<Pattern, PatternProblem> {
  if (pattern.length > longestPattern) return fail(tooLarge(`has ${grouped(pattern.length)} characters`));
  const compiler = new Compiler(pattern);
  const first = compiler.compile();
  if (compiler.problem !== undefined) return fail(compiler.problem);
  return ok(automaton(compiler.states, first, compiler.isDeep));
}

const tooLarge = (what: string): PatternProblem => {
  return { message: `the pattern ${what}, more than can be searched for`, hint: 'split it into several sources' };
};

/** The number of the state that means a match. */
const end = 0;

/** What may stand before a part of a pattern: also what opens a group, or parts its alternatives. */
const opens = /[/{,(|]/;

const notSlash = (character: string): boolean => character !== '/';

class Compiler {
  readonly states: State[] = [{ next: end }];
  isDeep = false;
  problem: PatternProblem | undefined;
  readonly #text: readonly string[];
  readonly #groups: ReadonlyMap<number, PatternGroup>;

  constructor(pattern: string) {
    this.#text = Array.from(pattern);
    this.#groups = patternGroups(this.#text);
  }

  /** Gives the first state. */
  compile(): number {
    return this.#sequence(0, this.#text.length, end);
  }

  #add(state: State): number {
    if (this.states.length >= mostStates) this.problem ??= tooLarge('has too many alternatives');
    else this.states.push(state);
    return this.states.length - 1;
  }

  /** The dot of a hidden name has to stand where its part begins: `*.crt` does not match `.crt`. */
  #literal(character: string, next: number, at?: number): number {
    const isFirst = at !== undefined && opens.test(this.#text[at - 1] ?? '/');
    return this.#add({ accepts: (one) => one === character, takesHidden: isFirst, next });
  }

  #wild(accepts: (character: string) => boolean, next: number): number {
    return this.#add({ accepts: (one) => notSlash(one) && accepts(one), takesHidden: false, next });
  }

  /** A body that leads back to itself: `loop` may pass it by, `body` is where it starts. */
  #repeat(next: number, make: (loop: number) => number): { loop: number; body: number } {
    const state: { next: number; other?: number } = { next };
    const loop = this.#add(state);
    const body = make(loop);
    state.other = body;
    return { loop, body };
  }

  /** Any number of characters of one name. */
  #anyLength(next: number): number {
    return this.#repeat(next, (loop) => this.#wild(() => true, loop)).loop;
  }

  #either(starts: readonly number[]): number {
    return starts.reduce((other, next) => this.#add({ next, other }));
  }

  /** Compiles from behind: each piece has to know the state that follows it. Positions are of characters. */
  #sequence(from: number, to: number, next: number): number {
    const pieces: ((following: number) => number)[] = [];
    for (let at = from; at < to && this.problem === undefined; ) {
      const { length, make } = this.#piece(at, to);
      pieces.push(make);
      at += length;
    }
    return pieces.reduceRight((following, make) => make(following), next);
  }

  #piece(at: number, to: number): { length: number; make: (next: number) => number } {
    const character = this.#text[at] ?? '';
    const group = this.#groups.get(at);
    if (group !== undefined && group.close < to) {
      return { length: group.close + 1 - at, make: (next) => this.#group(group, next) };
    }
    if (character === '\\' && at + 1 < to) {
      const literal = this.#text[at + 1] ?? '';
      return { length: 2, make: (next) => this.#literal(literal, next, at) };
    }
    if (character === '?') return { length: 1, make: (next) => this.#wild(() => true, next) };
    if (character !== '*') return { length: 1, make: (next) => this.#literal(character, next, at) };
    let length = 1;
    while (at + length < to && this.#text[at + length] === '*' && !this.#groups.has(at + length)) length++;
    if (length === 2 && this.#isPart(at, at + 2)) return this.#folders(at, to);
    return { length, make: (next) => this.#anyLength(next) };
  }

  /** A part of its own, between `/` or what opens, parts and closes a group. */
  #isPart(from: number, behind: number): boolean {
    const [before = '/', after = '/'] = [this.#text[from - 1], this.#text[behind]];
    return opens.test(before) && /[/},)|]/.test(after);
  }

  /** `**`: names and the `/` behind each; at the end also one name more. */
  #folders(at: number, to: number): { length: number; make: (next: number) => number } {
    this.isDeep = true;
    const name = (next: number): number => this.#wild(() => true, this.#anyLength(next));
    const folders = (next: number): number => this.#repeat(next, (loop) => name(this.#literal('/', loop))).loop;
    if (this.#text[at + 2] === '/' && at + 2 < to) return { length: 3, make: folders };
    return { length: 2, make: (next) => folders(this.#either([next, name(next)])) };
  }

  #group(group: PatternGroup, next: number): number {
    if (group.kind === 'class') return this.#wild(group.accepts, next);
    if (group.kind === 'not') {
      const hint = 'name what is wanted instead, such as [!_]*.crt or {a,b}.crt';
      this.problem ??= { message: 'the pattern has !(…), which is not supported', hint };
      return next;
    }
    if (group.kind === 'numbers') {
      const numbers = group.count > mostNumbers ? undefined : group.texts();
      const what = `counts ${grouped(group.count)} numbers in one {…}`;
      if (numbers === undefined) this.problem ??= tooLarge(what);
      return this.#either((numbers ?? ['']).map((text) => this.#word(text, next)));
    }
    const bodies = (following: number): number =>
      this.#either(group.alternatives.map(([from, to]) => this.#sequence(from, to, following)));
    if (group.repeat === 'once') return bodies(next);
    if (group.repeat === 'optional') return this.#either([next, bodies(next)]);
    const { loop, body } = this.#repeat(next, bodies);
    return group.repeat === 'any' ? loop : body;
  }

  #word(text: string, next: number): number {
    return Array.from(text).reduceRight((following, character) => this.#literal(character, following), next);
  }
}

function automaton(states: readonly State[], first: number, isDeep: boolean): Pattern {
  const closed = (from: Iterable<number>): ReadonlySet<number> => {
    const found = new Set<number>();
    const open = [...from];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      if (found.has(number)) continue;
      found.add(number);
      const state = states[number];
      if (state === undefined || number === end || 'accepts' in state) continue;
      open.push(state.next);
      if (state.other !== undefined) open.push(state.other);
    }
    return found;
  };
  const step = (progress: Progress, piece: string): Progress => {
    let { states: reached, atNameStart } = progress;
    for (const character of piece) {
      const next: number[] = [];
      const isHidden = atNameStart && character === '.';
      for (const number of reached) {
        const state = states[number];
        if (state === undefined || !('accepts' in state) || (isHidden && !state.takesHidden)) continue;
        if (state.accepts(character)) next.push(state.next);
      }
      reached = closed(next);
      atNameStart = character === '/';
      if (reached.size === 0) break;
    }
    return { states: reached, atNameStart };
  };
  return {
    isDeep,
    start: { states: closed([first]), atNameStart: true },
    step,
    isMatch: ({ states: reached }) => reached.has(end),
    leadsOn: ({ states: reached }) => reached.size > (reached.has(end) ? 1 : 0),
  };
}
