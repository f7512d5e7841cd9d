import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { readAddress } from '../../../src/core/address.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { socketPort } from '../../../src/device/ports/socket.ts';
import { patterned } from '../../support/bytes.ts';
import { Listener, refusal } from '../../support/listener.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

/** A server for one test: the way to it, and the next connection as the server sees it. */
async function serve(t: TestContext, host = '127.0.0.1') {
  const server: Server = createServer({ noDelay: true });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}));
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const text = `${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  return { text, server, accepted: async (): Promise<Socket> => (await once(server, 'connection'))[0] };
}

function wayTo(text: string, clock?: Clock) {
  const address = readAddress(text);
  assert.ok(address !== undefined && 'host' in address);
  return socketPort(address, { ...(clock && { clock }) });
}

for (const host of ['127.0.0.1', '::1']) {
  test(`bytes go both ways over socket://, unchanged: ${host}`, async (t) => {
    const { text, accepted } = await serve(t, host);
    const port = wayTo(text);
    assert.equal(port.name, `socket://${text}`);
    assert.equal(port.hasLines, false);
    const listener = new Listener();
    const [connection, peer] = await Promise.all([port.open(115_200, listener), accepted()]);
    peer.pipe(peer);
    const sent = patterned(64 * 1024);
    await connection.write(sent);
    assert.ok((await listener.bytes(sent.length)).equals(sent));
    await connection.setBaud(921_600);
    await connection.setLines({ dtr: true, rts: false });
    const ended = once(peer, 'close');
    await connection.close();
    await connection.close();
    await ended;
    assert.deepEqual(listener.reasons, [], 'closed, not lost');
    assert.equal((await refusal(connection.write(sent))).code, 'port-lost');
  });
}

test('what is written before closing still arrives', async (t) => {
  const { text, accepted } = await serve(t);
  const [connection, peer] = await Promise.all([wayTo(text).open(115_200, new Listener()), accepted()]);
  const parts: Buffer[] = [];
  peer.on('data', (bytes) => parts.push(bytes));
  const sent = patterned(20_000);
  await connection.write(sent);
  await connection.close();
  if (!peer.closed) await once(peer, 'close');
  assert.ok(Buffer.concat(parts).equals(sent));
});

test('a connection that the other side closes is lost, once', async (t) => {
  const { text, accepted } = await serve(t);
  const listener = new Listener();
  const [connection, peer] = await Promise.all([wayTo(text).open(115_200, listener), accepted()]);
  peer.end();
  assert.equal(await listener.end(), 'the other side closed the connection');
  const { code, message } = await refusal(connection.write(Uint8Array.of(1)));
  assert.deepEqual(
    [code, message],
    ['port-lost', `the way to the board at socket://${text} was lost: the other side closed the connection`],
  );
  await connection.close();
  assert.equal(listener.reasons.length, 1);
});

test('a connection that is reset is lost, and what waits for it ends', async (t) => {
  const { text, accepted } = await serve(t);
  const listener = new Listener();
  const [connection, peer] = await Promise.all([wayTo(text).open(115_200, listener), accepted()]);
  // More than the system buffers, for a peer that reads nothing.
  const written = refusal(connection.write(new Uint8Array(64 * 1024 * 1024)));
  peer.resetAndDestroy();
  assert.equal((await written).code, 'port-lost');
  assert.match(await listener.end(), /^the connection broke \(E(CONNRESET|PIPE)\)$/);
  await connection.close();
});

test('closing does not wait for a peer that takes nothing', async (t) => {
  const { text, accepted } = await serve(t);
  const clock = new SimulatedClock('held');
  const [connection, peer] = await Promise.all([wayTo(text, clock).open(115_200, new Listener()), accepted()]);
  peer.pause();
  const written = refusal(connection.write(new Uint8Array(64 * 1024 * 1024)));
  const closing = connection.close();
  await clock.advance(300);
  await closing;
  assert.equal((await written).code, 'port-lost');
});

test('where nothing listens, it says so', async (t) => {
  const { text, server } = await serve(t);
  server.close();
  await once(server, 'close');
  assert.deepEqual(await refusal(wayTo(text).open(115_200, new Listener())), {
    code: 'port-unreachable',
    message: `nothing listens at socket://${text}`,
    hint: 'expected there: ser2net in raw mode, a serial-to-network adapter, or a simulated chip',
  });
});

test('a name that nobody knows is said to be that', async () => {
  const { code, message } = await refusal(wayTo('bad..name:4000').open(115_200, new Listener()));
  assert.equal(code, 'port-unreachable');
  assert.match(message, /^the name bad\.\.name is not known \(E\w+\)$/);
});

test('a machine that does not answer is given up', async (t) => {
  // Its thread is blocked: connections wait until no more may, and then are not answered.
  const source = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const worker = new Worker(source, { eval: true });
  t.after(() => worker.terminate());
  const [port]: number[] = await once(worker, 'message');
  const waiting = Array.from({ length: 8 }, () => connect({ port: port!, host: '127.0.0.1' }).on('error', () => {}));
  t.after(() => {
    for (const socket of waiting) socket.destroy();
  });
  const clock = new SimulatedClock('held');
  const refused = refusal(wayTo(`127.0.0.1:${port}`, clock).open(115_200, new Listener()));
  await clock.advance(5000);
  const { code, message, hint } = await refused;
  assert.equal(code, 'port-unreachable');
  assert.equal(message, `socket://127.0.0.1:${port} does not answer within 5 s`);
  assert.match(hint, /host, port and firewall/);
});
