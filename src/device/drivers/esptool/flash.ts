import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hex } from '../../../core/bytes.ts';
import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import type { Range } from '../../../core/range.ts';
import { grouped } from '../../../core/text.ts';
import { DeviceError, deviceTitle, type FlashAccess, type OnProgress, type Run } from '../../device.ts';
import { inOwnFolder } from './own-folder.ts';
import { readProgress, writeProgress } from './progress.ts';
import type { Session } from './session.ts';
import { Spans, spansOver } from './spans.ts';

/** As many files as a command line has room for on every system (Windows: 32,767 characters). */
const mostFiles = 100;
/** Seconds that a further call of esptool takes to start and connect: reading as long is no loss. */
const callTime = 2;

/**
 * The flash of a chip behind esptool. It has no command that only tells an MD5, so `digest` reads, and what was read is kept until
 * something is written: the flash is read once before and once after a write.
 */
export class EsptoolFlash implements FlashAccess {
  readonly title = deviceTitle;
  readonly size: number;
  readonly #session: Session;
  readonly #spans = new Spans();

  constructor(session: Session, size: number) {
    this.#session = session;
    this.size = size;
  }

  async digest(ranges: readonly Range[]): Promise<string[]> {
    const gap = (this.#session.baud / 10) * callTime;
    const unread = ranges.filter((range) => this.#spans.find(range) === undefined);
    for (const span of spansOver(unread, gap)) await this.#fetch(span);
    const digests: string[] = [];
    for (const range of ranges)
      digests.push(
        createHash('md5')
          .update(await this.read(range))
          .digest('hex'),
      );
    return digests;
  }

  async read(range: Range, onProgress?: OnProgress): Promise<Uint8Array> {
    const bytes = this.#spans.find(range) ?? (await this.#fetch(range, onProgress));
    onProgress?.(range.size, range.size);
    return bytes;
  }

  async write(runs: readonly Run[], onProgress: OnProgress = () => {}): Promise<void> {
    this.#spans.forget();
    const progress = writeProgress(runs, onProgress);
    for (let at = 0; at < runs.length; at += mostFiles) await this.#write(runs.slice(at, at + mostFiles), progress);
  }

  /** The bytes come verified: esptool compares them with the MD5 that the stub sends after them. */
  async #fetch({ offset, size }: Range, onProgress?: OnProgress): Promise<Uint8Array> {
    const bytes = await inOwnFolder(async (folder) => {
      const file = join(folder, 'flash.bin');
      await writeFile(file, '', { mode: 0o600 });
      await this.#session.run({
        command: 'read-flash',
        args: [hex(offset), hex(size), file],
        doing: 'reading the flash',
        size,
        onLine: (line) => {
          const done = onProgress && readProgress(line);
          if (done !== undefined && done < size) onProgress?.(done, size);
        },
      });
      return new Uint8Array(await readFile(file));
    });
    if (bytes.length !== size) throw incomplete(bytes.length, size);
    this.#spans.keep(offset, bytes.slice());
    return bytes;
  }

  #write(runs: readonly Run[], onLine: (line: string) => void): Promise<string> {
    return inOwnFolder(async (folder) => {
      const places: string[] = [];
      for (const { offset, bytes } of runs) {
        const file = join(folder, `${hex(offset)}.bin`);
        await writeFile(file, bytes, { mode: 0o600 });
        places.push(hex(offset), file);
      }
      return this.#session.run({
        command: 'write-flash',
        args: [...settings, ...(this.#session.stubIsOurs ? [] : [plain]), ...places],
        doing: 'writing the flash',
        size: runs.reduce((sum, { bytes }) => sum + bytes.length, 0),
        onLine,
      });
    });
  }
}

/** Else esptool changes the header of what it takes for a bootloader. */
const settings = ['--flash-mode', 'keep', '--flash-freq', 'keep', '--flash-size', 'keep'];

/**
 * Not deflated. A stub that was already running may hold the rest of a deflated write that was broken off, which would
 * go out in front of the next one (see StubFlash). The short form, since both versions spell the long one with hyphens.
 */
const plain = '-u';

const incomplete = (got: number, size: number): DeviceError =>
  new DeviceError(
    diagnostic('esptool-failed', `esptool read ${grouped(got)} bytes of the ${grouped(size)} asked for`, {
      hint: 'run it again',
    }),
  );
