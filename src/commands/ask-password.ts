import { endPrompt, writePrompt } from '../core/door.ts';
import type { Output } from '../core/output.ts';

/** The part of a terminal's input that is used: that of `process.stdin`. */
export interface TerminalInput {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

const keys = { interrupt: '\x03', end: '\x04', backspace: '\b', escape: '\x1b', erase: '\x7f', eraseLine: '\x15' };

/**
 * Asks for a password without showing it. Undefined where input or output is no terminal, or the person gave up
 * (Ctrl-D, or Ctrl-C, after which `interrupt` is called).
 */
export async function askPassword(
  question: string,
  input: TerminalInput,
  output: Output,
  interrupt: () => void,
): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY || input.setRawMode === undefined) return undefined;
  writePrompt(output, question);
  input.setRawMode(true);
  const typed = await new Promise<string | undefined>((done) => {
    const decoder = new TextDecoder();
    const line = emptyLine();
    const listen = (chunk: Uint8Array): void => {
      const outcome = line.type(decoder.decode(chunk, { stream: true }));
      if (outcome === 'open') return;
      input.off('data', listen);
      input.setRawMode?.(false);
      input.pause();
      endPrompt(output);
      done(outcome === 'done' ? line.text() : undefined);
      if (outcome === 'interrupted') interrupt();
    };
    input.on('data', listen);
    input.resume();
  });
  return typed === '' ? undefined : typed;
}

type LineState = 'open' | 'done' | 'left' | 'interrupted';

/** A line as it is typed, with the keys that correct it. */
function emptyLine(): { type(text: string): LineState; text(): string } {
  let characters: string[] = [];
  return {
    type(text) {
      // Arrows and the like come as one chunk that starts so.
      if (text.startsWith(keys.escape)) return 'open';
      for (const key of text) {
        if (key === '\r' || key === '\n') return 'done';
        if (key === keys.interrupt) return 'interrupted';
        if (key === keys.end) return characters.length > 0 ? 'done' : 'left';
        if (key === keys.erase || key === keys.backspace) characters.pop();
        else if (key === keys.eraseLine) characters = [];
        else if (key >= ' ') characters.push(key);
      }
      return 'open';
    },
    text: () => characters.join(''),
  };
}
