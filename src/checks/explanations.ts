import type { Code } from '../core/diagnostics/codes.ts';
import type { checks } from './index.ts';

/** What `explain` tells of a code, in whole sentences. */
export interface Explanation {
  /** What it means on the device. */
  readonly meaning: string;
  /** How it happens. */
  readonly cause: string;
  /** How to mend it. */
  readonly remedy: string;
}

/** Of every code that a check gives. Apart from the checks, since a build does not need it. */
export const explanations: Readonly<Record<keyof typeof checks, Explanation>> = {
  'empty-file': {
    meaning: 'The firmware would find a certificate without content, and every connection that needs it would fail.',
    cause: 'An export or a script was interrupted, or wrote its output elsewhere.',
    remedy: 'Write the file anew, or take it out of the folder.',
  },
  'slot-kind': {
    meaning: 'The firmware looks for one kind of thing in each slot, does not find it and answers ERROR.',
    cause: 'Files were mixed up, or come in a container such as PKCS #12, as Windows and browsers export it.',
    remedy:
      'Put the right file there, or take certificate and key out of their container, each into a file of its own.',
  },
  'private-key-exposed': {
    meaning: 'The key would be stored, copied and shown as if it were public. Whoever has it can pass for the device.',
    cause: 'Certificate and key were kept in one file, or the key was put into the folder of the certificates.',
    remedy: 'Leave only certificates there. If the file was ever given away, have a new key and certificate made.',
  },
  unparsable: {
    meaning: 'The firmware cannot read it either and answers ERROR, mostly without a reason.',
    cause: 'The file was cut off, pasted incompletely, or changed by a program that took it for text.',
    remedy: 'Get the file anew from where it came from.',
  },
  'unreadable-form': {
    meaning: 'The PEM reader of the firmware (mbedTLS) is stricter than OpenSSL: to it there is no certificate at all.',
    cause: 'The text came out of a JSON or YAML document, a terminal, or PowerShell, which writes UTF-16.',
    remedy:
      'Write it anew with openssl, or save it with plain lines: BEGIN, base64, END, nothing before them in a line.',
  },
  'encrypted-key': {
    meaning: 'The firmware has no way to ask for a password: it cannot use the key.',
    cause: 'OpenSSL and other tools protect keys by a password unless told otherwise.',
    remedy: 'Store the key decrypted, and protect the device itself by flash encryption.',
  },
  'pem-required': {
    meaning: 'MQTT hands everything on as text, and newer firmware refuses keys in DER.',
    cause: 'The file was exported in binary form.',
    remedy: 'Convert it to PEM. In an NVS image that is done as it is packed.',
  },
  'trailing-nul': {
    meaning: 'From v2.2 to v3.1, Wi-Fi Enterprise passes a file on without a NUL, and mbedTLS fails with -0x2180.',
    cause: 'Files end without a NUL; in all other places the firmware puts one behind them.',
    remedy: 'Set "nul": true on the slot, or move to a later release.',
  },
  'set-incomplete': {
    meaning: 'Certificates and keys are used in pairs, by their index from 0: one without the other is of no use.',
    cause: 'A file was forgotten, removed or misnamed, or a copy was left in the folder.',
    remedy: 'Have as many keys as certificates, numbered without a gap, and one file where the firmware takes one.',
  },
  'key-mismatch': {
    meaning: 'The device cannot prove that the certificate is its own: the handshake fails, and it answers ERROR.',
    cause:
      'The certificate was renewed with a new key, and one of the two files was left as it was; or two were swapped.',
    remedy: 'Take the key that the certificate was requested with, or have a certificate made for this key.',
  },
  'same-key-twice': {
    meaning: 'Two places that are meant to differ are one identity.',
    cause: 'A file was copied to try something out, and stayed.',
    remedy: 'Give each place the key of its own certificate.',
  },
  'file-mode': {
    meaning: 'Nothing: the device works. Other users of this machine, and whatever they run, can take the key.',
    cause: 'Files come out of an archive, a repository or a script with the usual open modes.',
    remedy:
      'Close the file: chmod 600 FILE. Better still, keep keys out of the repository and name an exec or env source.',
  },
  expired: {
    meaning: 'Peers refuse it at once; the device refuses it as soon as its clock is set.',
    cause: 'Time went by. Certificates for trying things out are often made for a year or less.',
    remedy: 'Have it renewed. If the key stays the same, only the certificate has to be written to the device.',
  },
  'expires-soon': {
    meaning: 'Devices in the field will stop connecting on that day.',
    cause: 'The certificate comes to its end within the days that the config names.',
    remedy: 'Plan the renewal now: devices that are offline that day need it before.',
  },
  'not-yet-valid': {
    meaning: 'Until its first day it is refused, by peers and by a device whose clock is set.',
    cause: 'The clock of the machine that made it was ahead, or this one is behind.',
    remedy: 'Compare the clocks and have the certificate made again.',
  },
  'not-a-ca': {
    meaning: 'The device accepts nobody by it, except a peer with this very certificate.',
    cause: 'The CA was made without the extension CA:TRUE, or with a key usage that does not allow signing.',
    remedy: 'Make the CA anew with basicConstraints=critical,CA:TRUE and, if at all, keyUsage=keyCertSign.',
  },
  'leaf-as-ca': {
    meaning: 'The device looks for the CA that signed the certificate of its peer, and does not find it.',
    cause: "The server's own certificate was saved, for instance from a browser, instead of the one above it.",
    remedy: 'Put the root or intermediate there that signed it.',
  },
  'chain-order': {
    meaning: 'The device sends the certificates as they stand and takes the first as its own: its key does not fit it.',
    cause: 'Files were joined in the order of their names.',
    remedy: 'Join them from the leaf up: its own certificate, then the intermediate that signed it, and so on.',
  },
  'chain-unrelated': {
    meaning: 'The peer cannot find a way from the certificate to a CA that it trusts.',
    cause: 'A certificate of another chain was joined in, an intermediate was forgotten, or a CA was made anew.',
    remedy: 'Join only the certificates that signed each other, and keep the CA together with what it signed.',
  },
  'chain-incomplete': {
    meaning: 'A peer that knows only the root cannot find the way from the certificate to it.',
    cause: 'The intermediate came as a file of its own and was not joined.',
    remedy: 'Put the intermediate behind the certificate, in the same file.',
  },
  'unsupported-algorithm': {
    meaning: 'mbedTLS as ESP-AT builds it has no code for it, or does not accept it in TLS.',
    cause: 'Newer tools make Ed25519 keys by default; secp256k1 is for block chains.',
    remedy: 'Make a key of RSA with 2048 bits or more, or of EC on P-256, and have its certificate made.',
  },
  'weak-key': {
    meaning:
      'mbedTLS refuses RSA below 2048 bits and curves below P-256 in certificates that it verifies; so do servers.',
    cause: 'The key was made long ago, or small to save time.',
    remedy: 'Make a new key: EC on P-256 is short and quick on these chips.',
  },
  'weak-signature': {
    meaning: 'Whoever verifies it refuses it: SHA-1 and MD5 can be forged.',
    cause: 'The CA is set up as it was years ago.',
    remedy: 'Have the certificate signed again over SHA-256. The signature that a root has of itself does not matter.',
  },
  'test-material': {
    meaning: 'It works, and protects nothing: the private key is on the internet.',
    cause: 'The files come with esp-at, and have not been replaced yet.',
    remedy: 'Put your own in their place before devices leave your desk.',
  },
};

/** The explanation of a code, where it has one: what checks find has. */
export const explanationOf = (code: Code): Explanation | undefined =>
  Object.entries(explanations).find(([one]) => one === code)?.[1];
