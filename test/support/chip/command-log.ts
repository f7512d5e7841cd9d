import { dataHeaderSize, type OpName, op, opName, type Request, words } from './protocol.ts';

/** A command as the chip got it. */
export interface Command {
  readonly mode: 'rom' | 'stub';
  /** `0x77` where there is no such command. */
  readonly op: OpName | string;
  /** The piece of flash, memory or registers it is about, in bytes; of a block of data: its sequence number. */
  readonly offset?: number;
  readonly size?: number;
}

export function commandOf(mode: 'rom' | 'stub', request: Request): Command {
  return { mode, op: opName(request.op), ...pieceOf(request) };
}

function pieceOf(request: Request): Pick<Command, 'offset' | 'size'> {
  const word = words(request.data);
  switch (request.op) {
    case op.flashBegin:
    case op.flashDeflBegin:
    case op.memBegin:
      return { offset: word(3), size: word(0) };
    case op.flashData:
    case op.flashDeflData:
    case op.memData:
      return { offset: word(1), size: request.data.length - dataHeaderSize };
    case op.md5:
    case op.eraseRegion:
    case op.readFlash:
    case op.readFlashSlow:
      return { offset: word(0), size: word(1) };
    case op.readReg:
    case op.writeReg:
      return { offset: word(0), size: 4 };
    default:
      return {};
  }
}
