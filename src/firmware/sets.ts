import { fail, ok, type Result } from '../core/result.ts';
import { didYouMean, printable } from '../core/text.ts';
import { slotsOf } from './slots.ts';

export const setNames = ['client', 'server', 'mqtt', 'wss', 'https', 'wpa2', 'wpa_ent'] as const;
export type SetName = (typeof setNames)[number];
export type SlotKind = 'ca' | 'cert' | 'key';
export const slotKinds = ['ca', 'cert', 'key'] as const;

/** One set of the firmware: a CA, a certificate and a key that are used together. */
export interface CertificateSet {
  readonly name: SetName;
  /** Which of several of that name; 0 for those that are alone. */
  readonly index: number;
  /** What it is called on the command line and in messages: `mqtt`, `client.1`. */
  readonly title: string;
}

/** The part that the device plays in a set: of `server` it is the server, of all others a client. */
export const roleOf = ({ name }: CertificateSet): 'client' | 'server' => (name === 'server' ? 'server' : 'client');

/** Whether the firmware has several of a set, told apart by their index. */
export const isIndexed = (name: SetName): boolean => slotsOf(`${name}_ca`) === 'indexed';

/** Reads `mqtt`, `client` (its first) or `client.1`. */
export function parseSet(word: string): Result<CertificateSet, { message: string; hint: string }> {
  const [, text = '', digits] = /^([a-z0-9_]+?)(?:\.([0-9]{1,2}))?$/.exec(word) ?? [];
  const name = setNames.find((one) => one === text);
  if (name === undefined) {
    const hint = didYouMean(text, setNames, '') ?? `there are ${setNames.join(', ')}`;
    return fail({ message: `there is no set "${printable(word)}"`, hint });
  }
  const index = Number(digits ?? 0);
  if (!isIndexed(name) && digits !== undefined) {
    return fail({ message: `the firmware has one set ${name} only`, hint: `write ${name} without a number` });
  }
  return ok({ name, index, title: index === 0 ? name : `${name}.${index}` });
}

/** The name of a file as the releases of ESP-AT have it in raw_data, e.g. `mqtt_client.crt` for the certificate of mqtt. */
export function fileNameOf({ name, index }: CertificateSet, kind: SlotKind): string {
  const number = isIndexed(name) ? `_${String(index).padStart(2, '0')}` : '';
  if (kind === 'ca') return `${name}_ca${number}${name.startsWith('wpa') ? '.pem' : '.crt'}`;
  if (name === 'server') return kind === 'cert' ? 'server_cert.crt' : 'server.key';
  const stem = name === 'client' ? `client_${kind}` : `${name}_client`;
  return `${stem}${number}${kind === 'cert' ? '.crt' : '.key'}`;
}
