import type { Socket } from 'node:net';
import {
  answerTo,
  binaryOption,
  type Command,
  comPortMessage,
  comPortOption,
  echoOption,
  suppressGoAheadOption,
} from './com-port.ts';
import type { Life } from './life.ts';
import { type TelnetEvent, telnetDecoder, telnetOptions, type Verb } from './telnet.ts';
import { within } from './within.ts';

/** The client's side of a connection to a server of RFC 2217. */
export interface ComPortSession {
  /** Whether the server agrees to set a port; undefined where it says nothing for so many milliseconds. */
  agreement(patience: number): Promise<boolean | undefined>;
  /** Sends a command and gives the value of its answer; undefined where none comes within so many milliseconds. */
  ask(command: Command, value: Uint8Array, patience: number): Promise<Uint8Array | undefined>;
}

interface Question {
  readonly code: number;
  settle(value?: Uint8Array): void;
}

/** Data of the port go to `life`. */
export function startSession(socket: Socket, life: Life): ComPortSession {
  const decode = telnetDecoder();
  const options = telnetOptions(
    [binaryOption, suppressGoAheadOption, comPortOption],
    [binaryOption, suppressGoAheadOption],
    // pyserial's server offers the last one of its own accord, and means the same.
    [echoOption, comPortOption],
  );
  const questions = new Set<Question>();
  let agree: (does: boolean) => void = () => {};
  const agreed = new Promise<boolean>((resolve) => {
    agree = resolve;
  });
  /** One answer each, in the order of the questions. */
  const hear = ([code, ...value]: Uint8Array): void => {
    for (const question of questions) {
      if (question.code !== code) continue;
      question.settle(Uint8Array.from(value));
      break;
    }
  };
  const negotiate = (verb: Verb, option: number): void => {
    const answer = options.answer(verb, option);
    if (answer !== undefined) socket.write(answer);
    if (option !== comPortOption) return;
    if (verb === 'do' || verb === 'will') agree(true);
    if (verb === 'dont') agree(false);
  };
  const handle = (event: TelnetEvent): void => {
    if (event.kind === 'data') life.data(event.bytes);
    else if (event.kind === 'option') negotiate(event.verb, event.option);
    else if (event.option === comPortOption) hear(event.bytes);
  };
  socket.on('data', (bytes) => {
    for (const event of decode(bytes)) handle(event);
  });
  // Nothing is waited for that cannot come any more.
  socket.once('close', () => {
    agree(false);
    for (const question of questions) question.settle();
  });
  socket.write(options.opening);
  return {
    agreement: (patience) => within(life.clock, patience, agreed),
    ask: (command, value, patience) =>
      new Promise((resolve) => {
        socket.write(comPortMessage(command, value));
        if (patience === 0 || socket.destroyed) return resolve(undefined);
        const question: Question = {
          code: answerTo(command),
          settle: (answer) => {
            callOff();
            questions.delete(question);
            resolve(answer);
          },
        };
        const callOff = life.clock.timeout(patience, () => question.settle());
        questions.add(question);
      }),
  };
}
