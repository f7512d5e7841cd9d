import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from './paths.ts';
import { atPki } from './run-rig.ts';
import { type Cleanup, scratch } from './scratch.ts';

const faults = join(fixtures, 'pki/faults');

/** A folder with a CSV of certificates, keys and settings, `in.csv`, and what it names; and its image, `nvs.bin`. */
export async function nvsFolder(t: Cleanup): Promise<string> {
  const folder = scratch(t);
  for (const name of ['good.crt', 'good.key', 'der_pkcs8.der']) cpSync(join(faults, name), join(folder, name));
  const rows = [
    'key,type,encoding,value',
    'mqtt_cert,namespace,,',
    'mqtt_cert,file,binary,good.crt',
    'mqtt_key,namespace,,',
    'mqtt_key,file,binary,good.key',
    'odd,namespace,,',
    'pem,file,string,good.key',
    'der,file,binary,der_pkcs8.der',
    `base64,data,string,${readFileSync(join(faults, 'der_pkcs8.der')).toString('base64')}`,
    'settings,namespace,,',
    'name,data,string,"a, b"',
    'baud,data,i32,921600',
    'big,data,u64,18446744073709551615',
    'small,data,u64,7',
    'raw,data,hex2bin,0102ff',
    '',
  ];
  writeFileSync(join(folder, 'in.csv'), rows.join('\n'));
  await atPki(folder, 'nvs', 'generate', 'in.csv', 'nvs.bin', '0x6000');
  return folder;
}

/** Stretches of the key's PEM and DER, as base64, as hex and as bytes: none may be in any output. */
export function keyMaterial(): string[] {
  const pem = readFileSync(join(faults, 'good.key'), 'utf8').split('\n').slice(1, -2);
  const der = readFileSync(join(faults, 'der_pkcs8.der'));
  return [
    ...pem.map((line) => line.slice(0, 24)),
    der.subarray(30, 60).toString('base64').slice(4, 30),
    der.subarray(0, 24).toString('hex'),
    der.toString('base64').slice(0, 24),
    der.subarray(100, 120).toString('hex'),
  ];
}
