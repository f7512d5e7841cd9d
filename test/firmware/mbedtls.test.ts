import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mbedTlsOfIdf, mbedTlsOfRelease, releasesWith } from '../../src/firmware/mbedtls.ts';

test('each release has its mbedTLS, and one that is not known may have any', () => {
  const of = (release?: string) => mbedTlsOfRelease(release).join();
  assert.deepEqual(['v1.1', 'v2.2.0.0_esp32', 'v2.4'].map(of), ['2.16', '2.16', '2.16']);
  assert.equal(of('v3.0'), '2.16,3.x');
  assert.deepEqual(['v3.1', 'v3.2', 'v4.0'].map(of), ['3.x', '3.x', '3.x']);
  assert.deepEqual(['v4.1', 'v5.0'].map(of), ['3.6', '3.6']);
  assert.deepEqual([undefined, 'master'].map(of), ['2.16,3.x,3.6', '2.16,3.x,3.6']);
});

test('of a checkout the ESP-IDF of its module says it', () => {
  const of = (version: string) => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return mbedTlsOfIdf(major, minor);
  };
  assert.deepEqual(['3.0', '4.3'].map(of), ['2.16', '2.16']);
  assert.deepEqual(['5.0', '5.1'].map(of), ['3.x', '3.x']);
  assert.deepEqual(['5.4', '5.5', '6.0'].map(of), ['3.6', '3.6', '3.6']);
});

test('releases are named as people know them', () => {
  assert.equal(releasesWith(['2.16']), 'ESP-AT up to v3.0');
  assert.equal(releasesWith(['2.16', '3.x']), 'ESP-AT up to v4.0');
  assert.equal(releasesWith(['3.x']), 'ESP-AT v3.1 to v4.0');
  assert.equal(releasesWith(['3.x', '3.6']), 'ESP-AT v3.1 and later');
  assert.equal(releasesWith(['3.6']), 'ESP-AT v4.1 and later');
});
