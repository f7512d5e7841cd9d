import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { readAddress } from '../../../src/core/address.ts';
import { type Rfc2217Options, rfc2217Way } from '../../../src/device/ports/rfc2217.ts';
import { difference, patterned } from '../../support/bytes.ts';
import { Listener, refusal } from '../../support/listener.ts';
import { type PortClient, type Quirks, serveRfc2217 } from '../../support/rfc2217-server.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { until } from '../../support/until.ts';

function wayTo(port: number, options: Rfc2217Options = {}) {
  const address = readAddress(`127.0.0.1:${port}`);
  assert.ok(address !== undefined && 'host' in address);
  return rfc2217Way(address, options);
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
  const { port, done } = await serve(t);
  const way = wayTo(port);
  assert.deepEqual([way.name, way.hasLines], [`rfc2217://127.0.0.1:${port}`, true]);
  const listener = new Listener();
  const link = await way.open(115_200, listener);
  const sent = new Uint8Array([...patterned(32 * 1024), ...new Uint8Array(32 * 1024).fill(0xff)]);
  await link.write(sent);
  assert.equal(difference(await listener.bytes(sent.length), sent), '');
  await link.setBaud(921_600);
  await link.setLines({ dtr: false, rts: true });
  await link.setLines({ dtr: true, rts: false });
  await link.close();
  await link.close();
  assert.deepEqual(done.slice(0, 6), ['115200', '921600', 'DTR 0 RTS 1', 'DTR 0 RTS 1', 'DTR 1 RTS 1', 'DTR 1 RTS 0']);
  assert.deepEqual(listener.reasons, []);
  assert.equal((await refusal(link.setBaud(9600))).code, 'port-lost');
});

test('a line that stays as it is, is not set again', async (t) => {
  const { port, done } = await serve(t);
  const link = await wayTo(port).open(115_200, new Listener());
  await link.setLines({ dtr: false, rts: false });
  done.length = 0;
  await link.setLines({ dtr: true, rts: false });
  await link.setLines({ dtr: false, rts: false });
  assert.deepEqual(done, ['DTR 1 RTS 0', 'DTR 0 RTS 0']);
  await link.close();
});

test('a server that confirms no lines is waited for once', async (t) => {
  const { port, done } = await serve(t, { confirmsNoLines: true });
  const clock = new SimulatedClock('held');
  const link = await wayTo(port, { clock }).open(115_200, new Listener());
  const first = link.setLines({ dtr: true, rts: false });
  await clock.advance(400);
  await first;
  for (const dtr of [false, true, false]) await link.setLines({ dtr, rts: !dtr });
  await link.setBaud(9600);
  assert.equal(done.at(-1), '9600');
  await link.close();
  const hasty = await wayTo(port, { ignoresControl: true, clock }).open(115_200, new Listener());
  await hasty.setLines({ dtr: false, rts: true });
  await hasty.close();
  assert.equal(clock.now(), 400);
});

test('a banner is not taken for what the chip says', async (t) => {
  const { port } = await serve(t, { banner: 'ser2net port 2217 device /dev/ttyUSB0\r\n' });
  const listener = new Listener();
  const link = await wayTo(port).open(115_200, listener);
  await link.write(Uint8Array.of(0xc0, 0xff, 0xc0));
  assert.deepEqual([...(await listener.bytes(3))], [0xc0, 0xff, 0xc0]);
  await link.close();
});

test('a server that sets another rate than asked for is found out', async (t) => {
  const { port } = await serve(t, { onlyRate: 115_200 });
  const link = await wayTo(port).open(115_200, new Listener());
  const { code, message } = await refusal(link.setBaud(921_600));
  assert.equal(code, 'port-unreachable');
  assert.equal(message, `rfc2217://127.0.0.1:${port} works at 115,200 baud where 921,600 were asked for`);
  await link.close();
});

test('what is no server of RFC 2217 is said to be that', async (t) => {
  const refusing = await serve(t, { refuses: true });
  const first = await refusal(wayTo(refusing.port).open(115_200, new Listener()));
  assert.equal(first.message, `rfc2217://127.0.0.1:${refusing.port} speaks telnet, but sets no serial port`);

  const silent = await serve(t, { isSilent: true });
  const clock = new SimulatedClock('held');
  const refused = refusal(wayTo(silent.port, { clock }).open(115_200, new Listener()));
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
  const link = await wayTo(port).open(115_200, listener);
  clients[0]!.hangUp();
  assert.equal(await listener.end(), 'the other side closed the connection');
  assert.equal((await refusal(link.setLines({ dtr: true, rts: true }))).code, 'port-lost');
  await link.close();
  assert.equal(listener.reasons.length, 1);

  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const unheard = new Listener();
  const { message } = await refusal(wayTo(address.port).open(115_200, unheard));
  assert.match(message, /was lost: the/);
  assert.deepEqual(unheard.reasons, [], 'it was never open');
});
