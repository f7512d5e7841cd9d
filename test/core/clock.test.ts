import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { globSync } from 'tinyglobby';
import { pause, realClock } from '../../src/core/clock.ts';
import { packageRoot } from '../support/paths.ts';

const hour = 3_600_000;

const ownTime =
  /\b(set|clear)(Timeout|Interval|Immediate)\b|\bDate\.now\b|\bperformance\b|\bhrtime\b|\btimers\b|\bAtomics\.wait\b|\bAbortSignal\.timeout\b/;

// A timer that goes by another clock would make its test wait in earnest, and depend on the load of the machine.
test('no file but that of the clock sets a timer or reads a time', () => {
  const files = globSync('src/**/*.ts', { cwd: packageRoot });
  assert.ok(files.length > 100);
  const found = files.filter((file) => {
    const code = readFileSync(join(packageRoot, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return ownTime.test(code);
  });
  assert.deepEqual(found, ['src/core/clock.ts']);
});

// A reply that lay in a buffer of the system while the machine stood still would count as a chip that is silent.
test('after a stall, what arrived in time comes before the end of the wait for it', async (t) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const near = connect(address.port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  const order: string[] = [];
  const heard = new Promise<void>((resolve) => {
    near.on('data', () => {
      order.push('the reply');
      resolve();
    });
  });
  const late = new Promise<void>((resolve) => {
    realClock.timeout(5, () => {
      order.push('too late');
      resolve();
    });
  });
  far.write('x');
  pause(20);
  await Promise.all([heard, late]);
  assert.deepEqual(order, ['the reply', 'too late']);
  near.destroy();
  far.destroy();
});

test('a sleep ends at once when it is aborted, also before it begins', async () => {
  const controller = new AbortController();
  const sleeping = realClock.sleep(hour, controller.signal);
  controller.abort();
  await sleeping;
  await realClock.sleep(hour, controller.signal);
});

test('what is called off never comes, and what need not come keeps no process alive', async () => {
  const waiting = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = waiting();
  const never = () => assert.fail('it was called off');
  const callOffs = [realClock.timeout(0, never), realClock.interval(0, never), realClock.interval(hour, never)];
  assert.equal(waiting(), before + 3);
  for (const callOff of callOffs) callOff();
  assert.equal(waiting(), before);
  await realClock.sleep(1);
  callOffs.push(realClock.timeout(hour, never, { ref: false }), realClock.interval(hour, never, { ref: false }));
  assert.equal(waiting(), before);
  for (const callOff of callOffs) callOff();
});
