/** First status byte of the stub's replies (esp-flasher-stub, commands.h). */
export const stubError = {
  dataLength: 0xc0,
  checksum: 0xc1,
  invalidCommand: 0xc3,
  failedSpi: 0xc4,
  notInFlashMode: 0xc6,
  inflate: 0xc7,
  notEnoughData: 0xc8,
  tooMuchData: 0xc9,
  notImplemented: 0xff,
} as const;
