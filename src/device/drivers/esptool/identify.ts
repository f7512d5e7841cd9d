import { type Diagnostic, diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { grouped } from '../../../core/text.ts';
import { romBaud } from '../../chips.ts';
import { type Identity, identityIn } from './facts.ts';
import { EsptoolError } from './run.ts';
import type { Session } from './session.ts';

/** The first connection, at the rate asked for or, where nothing comes through at it, at 115,200. */
export async function identify(session: Session, baud: number): Promise<{ identity: Identity; notes: Diagnostic[] }> {
  try {
    return { identity: await ask(session), notes: [] };
  } catch (error) {
    if (!session.canSlowDown || !isOfBaud(error)) throw error;
  }
  session.slowDown();
  const identity = await ask(session);
  const message = `the board does not answer at ${grouped(baud)} baud; ${grouped(romBaud)} is used`;
  const hint = `take --baud ${romBaud}, or a better cable`;
  return { identity, notes: [diagnostic('baud-fallback', message, { hint })] };
}

async function ask(session: Session): Promise<Identity> {
  const output = await flashId(session).catch((error: unknown) => askByGuess(session, error));
  const identity = identityIn(output, session.chip);
  session.expect(identity.chip);
  return identity;
}

/**
 * An ESP32 or ESP8266 that cannot be reset is not found out by esptool 4.8: the late answers of its ROM to the
 * first question count as those to the next. Asked as an ESP32, it is known, or said to be another one.
 */
async function askByGuess(session: Session, error: unknown): Promise<string> {
  if (!(error instanceof EsptoolError) || !/autodetection will not work/.test(error.output)) throw error;
  session.expect('ESP32');
  try {
    return await flashId(session);
  } catch (other) {
    const chip = other instanceof EsptoolError && /This chip is (ESP[\w-]+),? not/.exec(other.output)?.[1];
    if (!chip) throw error;
    session.expect(chip);
  }
  return flashId(session);
}

const flashId = (session: Session): Promise<string> => session.run({ command: 'flash-id', doing: 'connecting' });

/** Whether a call failed only after it had changed the rate. */
const isOfBaud = (error: unknown): boolean =>
  error instanceof EsptoolError &&
  error.diagnostic.code !== 'interrupted' &&
  /Changing baud rate to|Failed to set baud rate/.test(error.output);
