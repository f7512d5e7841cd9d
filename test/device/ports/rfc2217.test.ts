import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { readAddress } from '../../../src/core/address.ts';
import { type Rfc2217Options, rfc2217Port } from '../../../src/device/ports/rfc2217.ts';
import { difference, patterned } from '../../support/bytes.ts';
import { Listener, refusal } from '../../support/listener.ts';
import { type PortClient, type Quirks, serveRfc2217 } from '../../support/rfc2217-server.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { until } from '../../support/until.ts';

function portAt(port: number, options: Rfc2217Options = {}) {
  const address = readAddress(`127.0.0.1:${port}`);
  assert.ok(address !== undefined && 'host' in address);
  return rfc2217Port(address, options);
}

/** A port whose other end sends back what it gets, and writes down what is done to it. */
async function serve(t: TestContext, quirks: Quirks = {}) {
  const done: string[] = [];
  const clients: PortClient[] = [];
  const attach = (client: PortClient) => {
    clients.push(client);
    return {
      data: (bytes: Uint8Array) => client.send(bytes),
      baud: (rate: number) => done.push(`${rate}`),
      lines: ({ dtr, rts }: { dtr: boolean; rts: boolean }) => done.push(`DTR ${+dtr} RTS ${+rts}`),
      closed: () => done.push('closed'),
    };
  };
  const { port } = await serveRfc2217(t, attach, quirks);
  return { port, done, clients };
}

test('bytes of every value go both ways, most of all FF, and rate and lines arrive', async (t) => {
  const { port: number, done } = await serve(t);
  const port = portAt(number);
  assert.deepEqual([port.name, port.hasLines], [`rfc2217://127.0.0.1:${number}`, true]);
  const listener = new Listener();
  const connection = await port.open(115_200, listener);
  const sent = new Uint8Array([...patterned(32 * 1024), ...new Uint8Array(32 * 1024).fill(0xff)]);
  await connection.write(sent);
  assert.equal(difference(await listener.bytes(sent.length), sent), '');
  await connection.setBaud(921_600);
  await connection.setLines({ dtr: false, rts: true });
  await connection.setLines({ dtr: true, rts: false });
  await connection.close();
  await connection.close();
  assert.deepEqual(done.slice(0, 6), ['115200', '921600', 'DTR 0 RTS 1', 'DTR 0 RTS 1', 'DTR 1 RTS 1', 'DTR 1 RTS 0']);
  assert.deepEqual(listener.reasons, []);
  assert.equal((await refusal(connection.setBaud(9600))).code, 'port-lost');
});

test('a line that stays as it is, is not set again', async (t) => {
  const { port, done } = await serve(t);
  const connection = await portAt(port).open(115_200, new Listener());
  await connection.setLines({ dtr: false, rts: false });
  done.length = 0;
  await connection.setLines({ dtr: true, rts: false });
  await connection.setLines({ dtr: false, rts: false });
  assert.deepEqual(done, ['DTR 1 RTS 0', 'DTR 0 RTS 0']);
  await connection.close();
});

test('a server that confirms no lines is waited for once', async (t) => {
  const { port, done } = await serve(t, { confirmsNoLines: true });
  const clock = new SimulatedClock('held');
  const connection = await portAt(port, { clock }).open(115_200, new Listener());
  const first = connection.setLines({ dtr: true, rts: false });
  await clock.advance(400);
  await first;
  for (const dtr of [false, true, false]) await connection.setLines({ dtr, rts: !dtr });
  await connection.setBaud(9600);
  assert.equal(done.at(-1), '9600');
  await connection.close();
  const hasty = await portAt(port, { ignoresControl: true, clock }).open(115_200, new Listener());
  await hasty.setLines({ dtr: false, rts: true });
  await hasty.close();
  assert.equal(clock.now(), 400);
});

test('a banner is not taken for what the chip says', async (t) => {
  const { port } = await serve(t, { banner: 'ser2net port 2217 device /dev/ttyUSB0\r\n' });
  const listener = new Listener();
  const connection = await portAt(port).open(115_200, listener);
  await connection.write(Uint8Array.of(0xc0, 0xff, 0xc0));
  assert.deepEqual([...(await listener.bytes(3))], [0xc0, 0xff, 0xc0]);
  await connection.close();
});

test('a server that sets another rate than asked for is found out', async (t) => {
  const { port } = await serve(t, { onlyRate: 115_200 });
  const connection = await portAt(port).open(115_200, new Listener());
  const { code, message } = await refusal(connection.setBaud(921_600));
  assert.equal(code, 'port-unreachable');
  assert.equal(message, `rfc2217://127.0.0.1:${port} works at 115,200 baud where 921,600 were asked for`);
  await connection.close();
});

test('what is no server of RFC 2217 is said to be that', async (t) => {
  const refusing = await serve(t, { refuses: true });
  const first = await refusal(portAt(refusing.port).open(115_200, new Listener()));
  assert.equal(first.message, `rfc2217://127.0.0.1:${refusing.port} speaks telnet, but sets no serial port`);

  const silent = await serve(t, { isSilent: true });
  const clock = new SimulatedClock('held');
  const refused = refusal(portAt(silent.port, { clock }).open(115_200, new Listener()));
  await until(() => clock.pending.includes(6000), 'it waits for the server to agree');
  await clock.advance(6000);
  const second = await refused;
  assert.equal(second.code, 'port-unreachable');
  assert.match(second.message, /takes the connection and does not answer within 6 s$/);
  assert.match(second.hint, /another client\? .*esp_rfc2217_server, ser2net.*socket:\/\/$/);
});

test('a server that hangs up is lost, before and after it agreed', async (t) => {
  const { port, clients } = await serve(t);
  const listener = new Listener();
  const connection = await portAt(port).open(115_200, listener);
  clients[0]!.hangUp();
  assert.equal(await listener.end(), 'the other side closed the connection');
  assert.equal((await refusal(connection.setLines({ dtr: true, rts: true }))).code, 'port-lost');
  await connection.close();
  assert.equal(listener.reasons.length, 1);

  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const unheard = new Listener();
  const { message } = await refusal(portAt(address.port).open(115_200, unheard));
  assert.match(message, /was lost: the/);
  assert.deepEqual(unheard.reasons, [], 'it was never open');
});
