import type { Core } from './core.ts';
import { pageSize } from './nor-flash.ts';

/** Programs page by page, as the flash takes it, so that losing the power leaves half of it. */
export async function programPages(core: Core, offset: number, bytes: Uint8Array): Promise<void> {
  const { flash, timing } = core.board;
  for (let done = 0; done < bytes.length; ) {
    const at = offset + done;
    const size = Math.min(pageSize - (at % pageSize), bytes.length - done);
    flash.program(at, bytes.subarray(done, done + size));
    await core.spend((timing.pageProgram * size) / pageSize);
    done += size;
  }
}
