import type { AskPassword } from '../sources/content-provider.ts';
import type { RunProgram, SourceCall } from '../sources/run-program.ts';

/** What was asked and run already: a watch does so once, not at every save. */
export interface Memory {
  readonly askPassword?: AskPassword;
  readonly runProgram: RunProgram;
  forgetPasswords(): void;
  forgetPrograms(): void;
}

/** Programs that fail are run again the next time. */
export function remember(ask: AskPassword | undefined, run: RunProgram): Memory {
  const answers = new Map<string, Promise<string | undefined>>();
  const outputs = new Map<string, ReturnType<RunProgram>>();
  const askOnce = (question: string, asker: AskPassword): Promise<string | undefined> => {
    const answer = answers.get(question) ?? asker(question);
    answers.set(question, answer);
    return answer;
  };
  return {
    askPassword: ask ? (question) => askOnce(question, ask) : undefined,
    async runProgram(call: SourceCall) {
      const id = JSON.stringify([call.folder, call.argv]);
      const output = outputs.get(id) ?? run(call);
      outputs.set(id, output);
      const result = await output;
      if (!result.ok) outputs.delete(id);
      return result;
    },
    forgetPasswords: () => answers.clear(),
    forgetPrograms: () => outputs.clear(),
  };
}
