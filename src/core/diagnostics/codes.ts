import type { Severity } from './level.ts';

/**
 * What an error of this code means for the caller's script:
 * `problem` exits 1 (sources, sizes, stale images), `usage` exits 2 (command line, config, tables), `device` exits 3,
 * `interruption` exits 130, as a shell has it of a program that Ctrl-C ended.
 */
export type Blame = 'problem' | 'usage' | 'device' | 'interruption';

export interface CodeInfo {
  readonly severity: Severity;
  readonly blame: Blame;
  /** Shown only under --verbose. */
  readonly background?: true;
  /** Said only where a severity is given to it. */
  readonly off?: true;
  /** One sentence for the table of codes. */
  readonly summary: string;
}

const error = (blame: Blame, summary: string): CodeInfo => ({ severity: 'error', blame, summary });
const warning = (summary: string): CodeInfo => ({ severity: 'warning', blame: 'problem', summary });
const info = (summary: string): CodeInfo => ({ severity: 'info', blame: 'problem', summary });
const background = (summary: string): CodeInfo => ({ ...info(summary), background: true });

/** Every diagnostic there is, by code. The one place where a code gets its default severity. */
export const codes = {
  // The command line and the config.
  usage: error('usage', 'The command line is not understood.'),
  'nothing-to-build': error('usage', 'There is neither a config nor an esp-at checkout here.'),
  'config-ignored': warning('A folder holds several configs; the message says which one is used.'),
  'config-unreadable': error('usage', 'The config cannot be read or run.'),
  'config-syntax': error('usage', 'The config is not valid JSON or YAML.'),
  'config-property': error('usage', 'The config has a property that does not exist, or one twice.'),
  'config-value': error('usage', 'A value in the config is not what its property takes.'),
  'config-missing': error('usage', 'The config lacks a property that is required.'),
  'config-conflict': error('usage', 'The config says one thing and the partition table another.'),

  // An esp-at checkout.
  'module-unknown': error('usage', 'The module asked for is not in this checkout.'),
  'module-ambiguous': error('usage', 'The checkout holds several modules and nothing says which one is meant.'),
  'checkout-file': error('usage', 'A file of the checkout is missing, unreadable or not what it should be.'),
  'checkout-unconfigured': info('The checkout has no sdkconfig: what is built follows from what is there.'),
  'factory-missing': warning('The checkout has no factory parameters, and so the image has none.'),
  'factory-guess': warning('Nothing says which hardware it is; the factory parameters are those of the likeliest.'),
  'checkout-conflict': warning('Two files of the checkout disagree; the message says which one was followed.'),

  // Partition tables and the layout of the flash.
  'table-syntax': error('usage', 'A row of the partition table is not understood.'),
  'table-name': error('usage', 'A partition has no name, one over 16 bytes, or one that stands twice.'),
  'partition-alignment': error('usage', 'An offset or size is not a multiple of 4 KiB, the flash sector.'),
  'partition-overlap': error('usage', 'Two partitions share flash.'),
  'partition-outside': error('usage', 'A partition lies outside the region or the flash that must hold it.'),

  // Sources.
  'source-missing': error('problem', 'A source does not exist or is not set, or its pattern or folder gives no file.'),
  'source-unreadable': error('problem', 'A source exists and cannot be read.'),
  'source-program': error('problem', 'The program of an exec source failed, took too long or printed nothing.'),
  'exec-refused': error('usage', 'Something would run a program, a source or the config itself, under --no-exec.'),
  'source-changing': error('problem', 'A source kept changing while it was read.'),
  'empty-file': error('problem', 'A source file is empty: the device would find an empty certificate.'),
  'unused-file': info('A file in a source folder is left out: hidden, a backup, a README, or of another kind.'),

  // Certificates and keys: src/checks has a file for each.
  'slot-kind': error('problem', 'A file is of another kind than its slot takes.'),
  'private-key-exposed': error('problem', 'A private key stands where only certificates belong.'),
  unparsable: error('problem', 'A certificate or key is damaged, or a file is neither.'),
  'unreadable-form': error('problem', 'A PEM file is laid out in a way that the device cannot read.'),
  'encrypted-key': error('problem', 'A private key needs a password, which the device does not have.'),
  'key-mismatch': error('problem', 'A private key does not belong to the certificate of its place.'),
  expired: error('problem', 'A certificate has expired.'),
  'unsupported-algorithm': error('problem', 'A key or signature is of a kind that the device does not support.'),
  'set-incomplete': error('problem', 'A set has a hole, more keys or certificates than the other, or too many files.'),
  'not-yet-valid': warning('A certificate is valid only from a later day on.'),
  'expires-soon': warning('A certificate expires within the days that the config gives.'),
  'not-a-ca': warning('A certificate in a CA slot does not say that it is a CA.'),
  'leaf-as-ca': warning('A CA slot holds the certificate of a server or client, not of the CA that signed it.'),
  'chain-order': warning('The certificates of a chain do not stand from the leaf up.'),
  'chain-incomplete': warning('An intermediate that is at hand is missing from the chain that is sent.'),
  'chain-unrelated': warning('A certificate in a chain has no part in it, or its CA at hand did not sign it.'),
  'weak-key': warning('A key is shorter than the device accepts in TLS.'),
  'weak-signature': warning('A certificate is signed over a hash below SHA-256.'),
  'pem-required': warning('A file is DER where the device reads only PEM.'),
  'trailing-nul': warning('A file needs a NUL at its end on the release that it is for.'),
  'same-key-twice': warning('One private key stands at two places of a set.'),
  'not-normalized': error('problem', 'A file cannot be changed as "normalize" in the config asks.'),
  normalized: info('A file goes into the image in another form; the message says what was changed.'),
  'test-material': warning("A file is one of Espressif's public test certificates and keys."),
  'file-mode': { ...warning('A private key can be read by other users of this machine.'), off: true },
  'too-many-warnings': error('problem', 'There are more warnings than --max-warnings allows.'),

  // Packing and the fit.
  'item-kind': error('problem', 'A file is of a kind that the image format has no place for.'),
  'item-size': error('problem', 'A file is longer than the image format can say.'),
  'item-count': error('problem', 'A partition has more files than the image format can number.'),
  'partition-full': error('problem', 'An image is larger than its partition.'),
  headroom: warning('An image leaves less room in its partition than the config asks for.'),
  'partition-skipped': background('A partition has nothing to be made from and is skipped.'),
  'partition-left-alone': background('A partition of the table is not for certificates and is left alone.'),

  // Reading images back.
  'image-unreadable': error('problem', 'The image cannot be read.'),
  'image-unknown': error('problem', 'The file is no image of a format known here.'),
  'image-broken': error('problem', 'The image is damaged; the message gives the offset at fault.'),
  'item-repeated': warning('An image holds two items of one type and ID; the device goes by their order.'),
  'file-exists': error('problem', 'A file that would be written exists already.'),

  // Servers, and their CAs.
  'ca-unknown': error('problem', 'The CA of a server cannot be found out.'),
  'ca-unverified': warning('A CA comes from the server alone, or is one that the device would refuse.'),
  'server-unreachable': error('device', 'A server cannot be reached, or does not answer in time.'),
  'server-handshake': error('device', 'A server ends the TLS handshake, or speaks no TLS at that port.'),

  // The device, and the way to it.
  'port-missing': error('device', 'There is no such port, or no board at all.'),
  'port-ambiguous': error('device', 'Several boards are there, and nothing says which one is meant.'),
  'port-busy': error('device', 'Another program holds the port.'),
  'port-denied': error('device', 'This user may not open the port.'),
  'port-unreachable': error('device', 'The host or the port at its other end does not answer.'),
  'port-lost': error('device', 'The way to the board was lost: a cable pulled, a connection closed.'),
  'chip-silent': error('device', 'The chip does not answer, or stopped answering.'),
  'chip-garbled': error('device', 'What the chip answers is damaged on its way.'),
  'chip-refused': error('device', 'The chip answers a command with an error.'),
  'chip-unsupported': error('device', 'The chip, or a mode that it is in, cannot be worked with.'),
  'chip-mismatch': error('device', 'The board is not the one that is meant: another chip or another MAC address.'),
  'chip-locked': error('device', 'Flash encryption or secure boot is on: plain images would make the device unusable.'),
  'flash-too-small': error('device', 'A partition lies beyond the end of the flash of the device.'),
  'device-table': error('device', 'The partition table of the device disagrees with the plan.'),
  'device-table-missing': error('device', 'The device has no partition table where one is expected.'),
  'device-values': error(
    'device',
    'The device holds values that the image lacks, and nothing says whether to keep them.',
  ),
  'values-kept': info('Values that the device holds and the image lacks were kept.'),
  'values-replaced': warning('Values that the device holds and the image lacks were replaced.'),
  'unfinished-flash': warning('A flash of this board was broken off, and it was written to by something else since.'),
  'not-verified': error('device', 'The flash does not hold what was written.'),
  'baud-fallback': warning('The board does not answer at the rate asked for; a lower one is used.'),
  'no-offset': error('usage', 'An image cannot be flashed: nothing says where in the flash it belongs.'),
  'backup-unreadable': error('usage', 'A backup cannot be put back: it is damaged, or of another board.'),
  'esptool-failed': error('device', "The user's own esptool cannot be run, or failed."),
  'hook-failed': error('problem', 'A program of a hook or of --exec failed.'),
  'watch-failed': error('problem', 'Changes cannot be watched for: the system gives no more watches, or none here.'),
  interrupted: error('interruption', 'It was interrupted; the message says what is done and what is not.'),

  // NVS images.
  'reference-differs': warning(
    'The build of esp-at itself would store a file under a key that the firmware never looks up, or leave it out.',
  ),
  'nvs-name': error('problem', 'A namespace or key of an NVS image is empty, too long, or stands twice.'),
  'nvs-value': error('problem', 'A value is not one that its NVS type can hold.'),
  'nvs-csv': error('problem', 'A row of an NVS CSV is not understood.'),
  'nvs-damage': warning(
    'An NVS image holds something that a device would not read: torn, doubled or with a wrong checksum.',
  ),
  'nvs-place': error('problem', 'A file holds an NVS image beside other things; the message says where.'),
  'nvs-encrypted': error('problem', 'An NVS image is encrypted, and no key or a wrong one was given.'),
  'nvs-key-file': error('problem', 'An NVS key file is not valid, or its keys cannot be used.'),

  // Output.
  stale: error('problem', 'An image on disk is not what its sources give (only under --check).'),
  'write-failed': error('problem', 'A file could not be written; the old one is untouched.'),
} as const satisfies Record<string, CodeInfo>;

export type Code = keyof typeof codes;
