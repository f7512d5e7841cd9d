/** Numbers that the AT firmware itself prints (ESP-AT User Guide, "AT+CWJEAP" and "AT+SYSLOG"). */

/** Of Wi-Fi Enterprise, AT+CWJEAP: what it could not do. */
export const enterprise: ReadonlyMap<number, string> = new Map([
  [0x8001, 'Memory ran out.'],
  [0x8002, 'The settings in NVS could not be read.'],
  [
    0x8003,
    'The connection failed: wrong identity or password, a certificate that the server refuses, or a CA that is not its own.',
  ],
  [0x8004, 'The settings of the network could not be made.'],
  [0x8005, 'The identity could not be set.'],
  [0x8006, 'The user name could not be set.'],
  [0x8007, 'The password could not be set.'],
  [0x8008, 'The CA was not found in its slot.'],
  [0x8009, 'The CA could not be read from its slot.'],
  [0x800a, 'The CA was not understood.'],
  [0x800b, 'The certificate was not found in its slot.'],
  [0x800c, 'The certificate could not be read from its slot.'],
  [0x800d, 'The private key was not found in its slot.'],
  [0x800e, 'The private key could not be read from its slot.'],
  [0x800f, 'The certificate or the private key was not understood.'],
  [0x8010, 'Wi-Fi Enterprise could not be switched on.'],
  [0x8011, 'The device is connected already.'],
  [0x8012, 'The name of the network (SSID) could not be read.'],
  [0x8013, 'The name of the network (SSID) is empty.'],
  [0x8014, 'The name of the network (SSID) is too long.'],
  [0x8015, 'The method could not be read.'],
  [0x8016, 'The network did not answer in time.'],
  [0x8017, 'The identity could not be read.'],
  [0x8018, 'The identity is too long.'],
  [0x8019, 'The user name could not be read.'],
  [0x801a, 'The user name is too long.'],
  [0x801b, 'The password could not be read.'],
  [0x801c, 'The password is too long.'],
  [0x801d, 'The security could not be read.'],
  [0x801e, 'The security value is not valid.'],
  [0x801f, 'The security does not suit the method: TLS needs a certificate and its key.'],
  [0x8020, 'The number of parameters is wrong.'],
  [0x8021, 'The mode of Wi-Fi could not be read.'],
]);

/** Codes of at-pki that find the cause of these in the files. */
export const enterpriseFindings: ReadonlyMap<number, readonly string[]> = new Map([
  [0x8003, ['expired', 'wrong-purpose', 'key-mismatch', 'chain-incomplete']],
  [0x8008, ['set-incomplete']],
  [0x8009, ['set-incomplete']],
  [0x800a, ['unparsable', 'unreadable-form', 'trailing-nul', 'refused-form']],
  [0x800b, ['set-incomplete']],
  [0x800c, ['set-incomplete']],
  [0x800d, ['set-incomplete']],
  [0x800e, ['set-incomplete']],
  [0x800f, ['key-mismatch', 'unparsable', 'unreadable-form', 'trailing-nul', 'encrypted-key']],
]);

/** `ERR CODE:0x01SSXXXX`: the kinds of errors, by SS. */
export const errorKinds: ReadonlyMap<number, string> = new Map([
  [0x01, 'An error without a further reason.'],
  [0x02, 'The command does not end in CR and LF.'],
  [0x03, 'The line does not begin with AT.'],
  [0x04, 'A parameter has a wrong length.'],
  [0x05, 'A parameter has a wrong type: a text without quotes, or a number with them.'],
  [0x06, 'There are too many parameters, or too few.'],
  [0x07, 'A parameter has a value that is not allowed.'],
  [0x08, 'The command could not be parsed.'],
  [0x09, 'This firmware has no such command.'],
  [0x0a, 'The command was understood, and failed.'],
  [0x0b, 'The device is busy with another command.'],
  [0x0c, 'The command has no such form (query, set, test or execute).'],
]);
