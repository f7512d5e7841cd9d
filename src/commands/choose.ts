import { createInterface } from 'node:readline';
import { writeLines, writePrompt } from '../core/door.ts';
import type { Output } from '../core/output.ts';

/**
 * Asks at the terminal for one of a few things, by number or by name. Undefined where nobody answers: no terminal, the
 * end of input, or an interruption.
 */
export function choose(
  question: string,
  choices: readonly string[],
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: Output,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (input.isTTY !== true || output.isTTY !== true || signal?.aborted) return Promise.resolve(undefined);
  writeLines(output, [...question.split('\n'), ...choices.map((choice, index) => `  ${index + 1}  ${choice}`)]);
  const reader = createInterface({ input });
  return new Promise((resolve) => {
    const end = (answer: string | undefined): void => {
      resolve(answer);
      reader.close();
    };
    const ask = (): void => writePrompt(output, `number or name (1–${choices.length}): `);
    reader.on('line', (line) => {
      const word = line.trim();
      const answer = choices.find((one) => one === word) ?? choices[Number.parseInt(word, 10) - 1];
      if (answer === undefined) ask();
      else end(answer);
    });
    signal?.addEventListener('abort', () => end(undefined), { once: true });
    reader.on('close', () => resolve(undefined));
    ask();
  });
}
