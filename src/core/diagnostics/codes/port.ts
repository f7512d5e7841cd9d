import { codesOf } from '../code.ts';

/** The port of a board. */
export const portCodes = codesOf({
  'port-missing': {
    severity: 'error',
    blame: 'device',
    summary: 'There is no such port, or no board at all.',
    explain: async () => ({
      meaning: 'Nothing was sent to a device: its port does not exist.',
      cause:
        'The board is not plugged in, its cable carries power only, its USB driver is missing, or a container or WSL does not see it.',
      remedy:
        'Try another cable and USB port; dmesg or the device manager shows whether the system sees the board. In WSL attach it with usbipd, in a container pass the device on.',
      source: 'ESP-IDF, "Establish Serial Connection".',
    }),
  },
  'port-ambiguous': {
    severity: 'error',
    blame: 'device',
    summary: 'Several boards are there, and nothing says which one is meant.',
    explain: async () => ({
      meaning: 'Nothing was sent to a device: it might have been the wrong one.',
      cause: 'Several boards are plugged in, and --port is auto.',
      remedy:
        'Name one: `at-pki flash --port /dev/ttyUSB0`, or the MAC address of the board in the config: `"flash": { "mac": "a0:b1:c2:d3:e4:f5" }`.',
      source: 'README, "Onto the device".',
    }),
  },
  'port-busy': {
    severity: 'error',
    blame: 'device',
    summary: 'Another program holds the port.',
    explain: async () => ({
      meaning: 'Nothing was sent to the device: two programs at one port take bytes from each other.',
      cause: 'A terminal program, a serial monitor of an IDE, another at-pki or ModemManager holds the port.',
      remedy: 'Close the other program. On Linux, fuser -v /dev/ttyUSB0 names it.',
      source: 'man 4 tty_ioctl, TIOCEXCL.',
    }),
  },
  'port-denied': {
    severity: 'error',
    blame: 'device',
    summary: 'This user may not open the port.',
    explain: async () => ({
      meaning: 'Nothing was sent to the device: this user may not open its port.',
      cause: 'On Linux serial ports belong to a group, dialout or uucp, and the user is not a member.',
      remedy:
        'Add the user to the group that the message names (sudo usermod -aG dialout $USER) and log in again. Do not run the build as root.',
      source: 'ESP-IDF, "Establish Serial Connection", "Adding User to dialout or uucp on Linux".',
    }),
  },
  'port-unreachable': {
    severity: 'error',
    blame: 'device',
    summary: 'The host or the port at its other end does not answer.',
    explain: async () => ({
      meaning: 'Nothing was sent to a device: no connection to the server that shares the port.',
      cause: 'The server (ser2net, esp_rfc2217_server) is not running, or a firewall is in between.',
      remedy:
        'Start the server, and try the address with another client on the same machine. The scheme must match: `at-pki flash --port rfc2217://bench.local:4000`.',
      source: 'RFC 2217; esptool, "Remote Serial Ports".',
    }),
  },
  'port-lost': {
    severity: 'error',
    blame: 'device',
    summary: 'The connection to the board was lost: a cable pulled, a connection closed.',
    explain: async () => ({
      meaning: 'One partition may be half written; all others are as they were. The message names it.',
      cause: 'A cable was pulled or has a bad contact, the board lost power, or a server closed the connection.',
      remedy:
        'Run `at-pki flash` again: it continues with the sectors that still differ. The backup holds what was there before.',
      source: 'README, "Onto the device".',
    }),
  },
  'baud-fallback': {
    severity: 'warning',
    summary: 'The board does not answer at the rate asked for; a lower one is used.',
    explain: async () => ({
      meaning: 'Everything works, only slower.',
      cause: 'The cable, the USB bridge or a server in between does not support the rate.',
      remedy: 'Give the lower rate, which saves the attempt: `"flash": { "baud": 115200 }`.',
      source: 'esptool, "Serial Protocol", CHANGE_BAUDRATE.',
    }),
  },
});
