/*
 * What is known to be wrong in esptool-js 0.7.0, by the numbers that comments give, and who deals with it:
 *
 *  1  `after('hard_reset')` leaves DTR asserted, and so the chip as it is: hard-reset.ts
 *  2  `after('no_reset')` is rejected with nobody waiting, which ends the process: never called (stub-flash.ts, `close`)
 *  3  `Transport.trace()` prints to stdout, where it breaks JSON: transport.ts
 *  4  `disconnect()` spins for ever when the device is gone: transport.ts
 *  5  without the stub every MD5 is wrong: connect.ts works with nothing but the stub
 *  6  there is no way to erase a region: the stub erases what it writes (stub-flash.ts)
 *  7  `readFlash` leaves the MD5 behind the data unread: stub-flash.ts
 *  8  `writeFlash` takes images that overlap, start within a sector or end beyond the flash: images.ts
 *  9  `writeFlash` inflates each block again to know its length, a quarter of a second for 112K: stub-flash.ts
 * 10  what throws leaves the port open, and says only `Failed to connect with the device`: connect.ts, no-answer.ts
 * 11  nothing looks for what is there already, for the right board, for fuses: sector-diff.ts, check-chip.ts, chip-facts.ts
 * 12  a deflated block is sent again when only its reply was lost, and inflated twice: stub-flash.ts starts anew
 * 13  each frame that is no reply has the whole time anew, up to a hundred times: stub.ts
 * 14  a reply that comes late is taken for that to the next command of its kind: stub.ts, `#fence`
 * 15  the watchdogs go on over the USB of the chip itself, and may reset it: watchdogs.ts
 */

/** One file with the stubs inlined: loads in a third of the time of `lib`, and from Node 20.0 on. */
declare module 'esptool-js/bundle.js' {
  export * from 'esptool-js';
}
