import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../../src/core/bytes.ts';
import { comPortMessage, rateBytes } from '../../../src/device/ports/com-port.ts';
import {
  escaped,
  negotiation,
  subnegotiation,
  type TelnetEvent,
  telnetDecoder,
  telnetOptions,
} from '../../../src/device/ports/telnet.ts';

const hexOf = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex');

/** What a stream says, however it is cut: neighbouring data are one piece. */
function read(pieces: readonly Uint8Array[]): string[] {
  const decode = telnetDecoder();
  const said: string[] = [];
  let data = '';
  const flush = () => {
    if (data !== '') said.push(`data ${data}`);
    data = '';
  };
  for (const event of pieces.flatMap((piece) => decode(piece))) {
    if (event.kind === 'data') {
      data += hexOf(event.bytes);
      continue;
    }
    flush();
    said.push(inWords(event));
  }
  flush();
  return said;
}

const inWords = (event: Exclude<TelnetEvent, { kind: 'data' }>): string =>
  event.kind === 'option' ? `${event.verb} ${event.option}` : `${event.option}: ${hexOf(event.bytes)}`;

test('messages are on the wire as RFC 854 and RFC 2217 have them', () => {
  assert.equal(hexOf(negotiation('will', 44)), 'fffb2c');
  assert.equal(hexOf(comPortMessage(1, rateBytes(115_200))), 'fffa2c010001c200fff0');
  // 0xff in a value is doubled as it is in data: 16,776,960 baud would be 00 ff ff 00.
  assert.equal(hexOf(comPortMessage(1, rateBytes(0x00ffff00))), 'fffa2c0100ffffffff00fff0');
  assert.equal(hexOf(escaped(Uint8Array.of(1, 0xff, 0xff, 2))), '01ffffffff02');
});

test('data, options and messages are read from one stream, and other commands passed over', () => {
  const wire = Buffer.from('41fffd2c42fffffff143fffa2c6500ffff01fff044', 'hex');
  assert.deepEqual(read([wire]), ['data 41', 'do 44', 'data 42ff43', '44: 6500ff01', 'data 44']);
});

test('a stream says the same wherever it is cut', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 6 }).map((bytes) => escaped(bytes)),
    fc.constantFrom(255, 254, 0, 65).map((byte) => escaped(Uint8Array.of(byte))),
    fc
      .tuple(fc.constantFrom('will', 'wont', 'do', 'dont'), fc.nat(255))
      .map(([verb, option]) => negotiation(verb, option)),
    fc.tuple(fc.nat(254), fc.uint8Array({ maxLength: 6 })).map(([option, bytes]) => subnegotiation(option, bytes)),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(60)), (pieces, cuts) => {
      const wire = concat(pieces);
      const places = [0, ...cuts.filter((cut) => cut < wire.length).sort((a, b) => a - b), wire.length];
      const parts = places.slice(1).map((end, index) => wire.subarray(places[index], end));
      assert.deepEqual(read(parts), read([wire]));
    }),
  );
});

test('any bytes arrive as they were sent, and any stream can be read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const arrived = telnetDecoder()(escaped(bytes)).map((event) =>
        event.kind === 'data' ? event.bytes : assert.fail(),
      );
      assert.deepEqual(concat(arrived), concat([bytes]));
      telnetDecoder()(bytes);
    }),
  );
});

test('what is asked for is not answered again, what is unknown is refused, a change is confirmed', () => {
  const options = telnetOptions([44], [0], [1]);
  assert.equal(hexOf(options.opening), 'fffb2cfffd00');
  assert.equal(options.answer('do', 44), undefined);
  assert.equal(options.answer('will', 0), undefined);
  assert.equal(hexOf(options.answer('will', 1)), 'fffd01');
  assert.equal(options.answer('will', 1), undefined);
  assert.equal(hexOf(options.answer('wont', 1)), 'fffe01');
  assert.equal(options.answer('wont', 1), undefined);
  assert.equal(hexOf(options.answer('do', 31)), 'fffc1f');
  assert.equal(hexOf(options.answer('will', 31)), 'fffe1f');
  assert.equal(options.answer('dont', 31), undefined);
});
