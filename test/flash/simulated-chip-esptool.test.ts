import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { start } from '../support/child.ts';
import { servedChip } from '../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../support/chip/chips.ts';
import { serveOverPty } from '../support/chip/pty.ts';
import { serveOverRfc2217 } from '../support/chip/rfc2217.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { canMakePty } from '../support/pty.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

// Python's esptool as a client of the simulated chip, where AT_PKI_ESPTOOL says how to run it: `python3 -m esptool`.
const esptool = process.env.AT_PKI_ESPTOOL?.split(' ') ?? [];

const all = Object.keys(chipKinds) as ChipName[];

// Without lines the chip waits in its ROM, and the stub stays; with lines each call resets it, before and after.
const ways = {
  'a socket': { serve: serveOverTcp, lines: false, chips: all },
  'a pty': { serve: serveOverPty, lines: false, chips: all },
  'RFC 2217': { serve: serveOverRfc2217, lines: true, chips: ['esp32c3', 'esp8266'] },
} as const;

// pyserial takes 50 to 100 ms over each change of a line, and what the chip starts hangs on two that belong together
// (esptool's docs, "Remote Serial Ports"): only a board whose EN rises slower than that is reset into its ROM.
const enableRise = 130;

for (const [way, { serve, lines, chips }] of Object.entries(ways)) {
  for (const chipName of chips) {
    const skip = esptool.length === 0 ? 'AT_PKI_ESPTOOL is not set' : way === 'a pty' && !canMakePty && 'no pty here';
    test(`esptool works on ${chipName} over ${way}`, { skip, timeout: 120_000 }, async (t) => {
      const folder = scratch(t);
      const flash = new Uint8Array(0x40000).fill(0x33);
      const chip = servedChip(t, { chip: chipName, lines, enableRise, flash, mac: 'a1:b2:c3:d4:e5:f6' });
      const port = await serve(t, chip);
      const image = join(folder, 'image.bin');
      const content = Uint8Array.from({ length: 70_000 }, (_, index) => index * 11 + (index >> 8));
      writeFileSync(image, content);
      const run = await client(t, chipName, port, lines);

      assert.match(await run('flash', 'id'), /Detected flash size: 4MB/);
      assert.match(await run('read', 'mac'), /a1:b2:c3:d4:e5:f6/i);
      await run('write', 'flash', '0x11000', image);
      assert.deepEqual(Buffer.from(chip.flash.slice(0x11000, 0x11000 + 70_000)), Buffer.from(content));
      assert.ok(chip.flash.subarray(0, 0x11000).every((byte) => byte === 0x33));
      assert.match(await run('verify', 'flash', '0x11000', image), /verif|matched/i);

      const copy = join(folder, 'copy.bin');
      await run('read', 'flash', '0x10000', '0x13000', copy);
      assert.deepEqual(readFileSync(copy), Buffer.from(chip.flash.slice(0x10000, 0x23000)));
      await run('erase', 'region', '0x12000', '0x2000');
      assert.ok(chip.flash.subarray(0x12000, 0x14000).every((byte) => byte === 0xff));
      assert.equal(chip.flash[0x14000], content[0x3000]);
      await until(() => chip.mode === (lines ? 'app' : 'stub'), 'it starts its firmware, or stays in the stub');
    });
  }
}

/** Runs one command of it, spelled as its version spells: `write_flash` up to 4, `write-flash` from 5 on. */
async function client(t: Cleanup, chip: ChipName, port: string, lines: boolean) {
  const major = Number(/v(\d+)\./.exec(await output(t, ['version']))?.[1]);
  const spell = (...words: string[]) => words.join(major < 5 ? '_' : '-');
  const [before, after] = lines
    ? [spell('default', 'reset'), spell('hard', 'reset')]
    : [spell('no', 'reset'), spell('no', 'reset', 'stub')];
  const reset = ['--before', before, '--after', after];
  return (verb: string, noun: string, ...rest: string[]) =>
    output(t, ['--chip', chip, '--port', port, '--baud', '460800', ...reset, spell(verb, noun), ...rest]);
}

async function output(t: Cleanup, args: readonly string[]): Promise<string> {
  const [program = '', ...first] = esptool;
  const { code, stdout, stderr } = await start(t, program, [...first, ...args]).ended;
  if (code !== 0) throw new Error(`exit ${code}\n${stdout}${stderr}`);
  return stdout + stderr;
}
