import type { Clock } from '../../../core/clock.ts';
import { romBaud } from '../../chips.ts';
import type { Connection, Port } from '../../connection.ts';

/** Milliseconds that EN is held low. */
const pulse = 100;

/**
 * Starts a board anew: RTS pulls EN low by way of the transistor pair of the boards, or of the USB unit in the chip,
 * while DTR is off. Does nothing where the connection is gone, and with it what could be reset.
 */
export async function hardReset(connection: Pick<Connection, 'setLines'>, clock: Clock): Promise<void> {
  try {
    await connection.setLines({ dtr: false, rts: true });
    await clock.sleep(pulse);
    await connection.setLines({ dtr: false, rts: false });
  } catch {
    // The connection is gone.
  }
}

/** The same to a board that nothing is connected to; does nothing where the port cannot be opened. */
export async function hardResetOver(port: Port, clock: Clock): Promise<void> {
  try {
    const connection = await port.open(romBaud, { data: () => {}, lost: () => {} });
    await hardReset(connection, clock);
    await connection.close();
  } catch {
    // The board stays in its loader until somebody resets it.
  }
}
