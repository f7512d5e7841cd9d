import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problems } from '../../../src/core/diagnostics/problems.ts';
import { parseDependencies, reasonNotUsed } from '../../../src/project/from-checkout/dependency.ts';

const file = '/checkout/AT_partition_dependency';
const reason = (text: string, partition: string, sdkconfig: string) =>
  reasonNotUsed(partition, parseDependencies(text, file, new Problems()), {
    file: '/checkout/sdkconfig',
    text: sdkconfig,
  });

test('a partition is used if its option is set', () => {
  const text = '# option, partition\n\nAT_CLIENT=y   client_ca\r\nAT_MQTT=y\tmqtt_ca';
  const sdkconfig = 'CONFIG_AT_CLIENT=y\n# CONFIG_AT_MQTT is not set\n';
  assert.equal(reason(text, 'client_ca', sdkconfig), undefined);
  assert.equal(reason(text, 'mqtt_ca', sdkconfig), 'sdkconfig does not set CONFIG_AT_MQTT=y');
  assert.equal(reason(text, 'my_ca', sdkconfig), 'no option of the dependency file asks for it');
});

test('v1.1 writes the option alone', () => {
  const text = 'AT_NET_COMMAND_SUPPORT server_cert\n';
  assert.equal(reason(text, 'server_cert', 'CONFIG_AT_NET_COMMAND_SUPPORT=y'), undefined);
  assert.notEqual(reason(text, 'server_cert', '# CONFIG_AT_NET_COMMAND_SUPPORT is not set'), undefined);
});

test('an option whose name only starts alike does not count', () => {
  assert.notEqual(reason('AT_MQTT=y mqtt_ca', 'mqtt_ca', 'CONFIG_AT_MQTT_SUPPORT=y'), undefined);
});

test('any one of several options suffices', () => {
  const text = 'AT_WSS=y client_ca\nAT_HTTPS=y client_ca\n';
  assert.equal(reason(text, 'client_ca', 'CONFIG_AT_HTTPS=y'), undefined);
  assert.equal(reason(text, 'client_ca', ''), 'sdkconfig does not set CONFIG_AT_WSS=y or CONFIG_AT_HTTPS=y');
});

test('a line of another form is reported at its place, the rest is read', () => {
  const problems = new Problems();
  const dependencies = parseDependencies('AT_A=y a_ca\nAT_B=y\nAT_C=y c_ca\n', file, problems);
  assert.deepEqual([...dependencies.keys()], ['a_ca', 'c_ca']);
  assert.deepEqual(
    problems.all.map(({ code, place }) => [code, place?.line, place?.text]),
    [['checkout-file', 2, 'AT_B=y']],
  );
});
