import type { Explanation } from '../checks/explanations.ts';
import type { Code } from '../core/diagnostics/codes.ts';

/** What `explain` tells of the codes of ports, chips and devices. */
export const deviceExplanations = {
  'port-missing': {
    meaning: 'Nothing was asked of a device: the way to it is not there.',
    cause:
      'The board is not plugged in, its cable carries power only, its USB driver is missing, or a container or WSL does not see it.',
    remedy:
      'Try another cable and port; dmesg or the device manager shows whether the system sees the board. In WSL attach it with usbipd, in a container pass the device on.',
  },
  'port-ambiguous': {
    meaning: 'Nothing was asked of a device: it might have been the wrong one.',
    cause: 'Several boards are plugged in, and --port is auto.',
    remedy: 'Name one with --port, or in the config the MAC address of the board that is meant: "flash": { "mac": … }.',
  },
  'port-busy': {
    meaning: 'Nothing was asked of the device: two programs at one port would take bytes from each other.',
    cause: 'A terminal program, a monitor of an IDE, another at-pki or ModemManager holds the port.',
    remedy: 'Close the other program. On Linux, fuser and lsof name it.',
  },
  'port-denied': {
    meaning: 'Nothing was asked of the device: this user may not open its port.',
    cause: 'On Linux serial ports belong to a group, dialout or uucp, and the user is not in it.',
    remedy: 'Have the user added to the group that the message names, and log in anew. Do not run the build as root.',
  },
  'port-unreachable': {
    meaning: 'Nothing was asked of a device: host or port do not answer.',
    cause:
      'The server that shares the port (ser2net, esp_rfc2217_server) is not running, or a firewall stands between.',
    remedy: 'Start the server, and try the address from the same machine with another client.',
  },
  'port-lost': {
    meaning: 'A partition may be half written; all others are as they were. The message says which.',
    cause: 'A cable was pulled or has a bad contact, the board lost its power, or a server closed the connection.',
    remedy: 'Run it again: it goes on with what is missing. The backup has what was there before.',
  },
  'chip-silent': {
    meaning: 'The chip does not answer as a loader does: nothing can be read or written.',
    cause:
      'Its firmware runs instead of its loader, this is the port for AT commands (UART1) and not the one for flashing (UART0), the lines that reset it are not wired, or it has no power.',
    remedy:
      'Use the port for flashing. Where the board has no automatic reset: hold BOOT (IO0; IO9 on ESP32-C2, C3 and C6), press RESET, let go of BOOT, and add --before no-reset.',
  },
  'chip-garbled': {
    meaning: 'What was read is not believed, and what was written is verified again.',
    cause: 'The rate is too high for the cable, the bridge or the wires between, or something else talks on the line.',
    remedy: 'Use --baud 115200, a shorter cable, or no hub between.',
  },
  'chip-refused': {
    meaning: 'The chip received a command and did not carry it out.',
    cause: 'Bytes were damaged on their way, or the flash chip is write-protected or broken.',
    remedy: 'Run it again with --baud 115200. If it stays, try another board.',
  },
  'chip-unsupported': {
    meaning: 'Nothing was written: the chip is not known here, or is in a mode that allows nothing.',
    cause: 'The chip is newer than this at-pki, its flash does not answer, or secure download mode is on.',
    remedy: 'Use a newer at-pki, or your own esptool with --esptool.',
  },
  'chip-mismatch': {
    meaning: 'Nothing was written: on this board the images would be of no use, or do harm.',
    cause: 'Another board is plugged in than the one that the config, the module or the command line names.',
    remedy: 'Plug in the right one, or change what is expected: --chip, "chip" or "mac" in the config.',
  },
  'chip-locked': {
    meaning: 'Nothing was written: with flash encryption on, the firmware would decrypt plain bytes to garbage.',
    cause: 'Flash encryption or secure boot was switched on in the fuses of the chip, for good.',
    remedy: 'Update the device through its own firmware: AT+SYSMFG, AT+SYSFLASH, or a signed update.',
  },
  'flash-too-small': {
    meaning: 'Nothing was written: a partition ends beyond the end of the flash.',
    cause: 'The plan is for a module with a larger flash.',
    remedy: 'Build for the module that the board has.',
  },
  'device-table': {
    meaning:
      'Nothing was written: the firmware finds certificates by the table in its flash, and would look elsewhere than the plan writes.',
    cause: 'The board runs the firmware of another module or release, or the table of the plan was changed since.',
    remedy:
      'Build for the firmware that is on the board, or let --update-table write the table of the plan along with the images.',
  },
  'device-table-missing': {
    meaning: 'Nothing was written: without its tables the firmware finds no certificates.',
    cause: 'The board was never flashed with ESP-AT, was erased, or has its table at an unusual place.',
    remedy: 'Flash the firmware first, or say where its table lies: "flash": { "partitionTable": … }.',
  },
  'device-values': {
    meaning: 'Nothing was written: values that only the device has would be lost with the old image.',
    cause: 'They were written at run time, by AT+SYSMFG or the firmware itself.',
    remedy: 'Say what becomes of them: --merge keeps them beside the new image, --overwrite replaces all.',
  },
  'not-verified': {
    meaning: 'The flash holds something else than what was written to it: the device may not find its certificates.',
    cause: 'The flash chip is write-protected in part, or worn out.',
    remedy: 'Try another board. If only this place is at fault, move the partition.',
  },
  'baud-fallback': {
    meaning: 'All is well, only slower.',
    cause: 'The cable, the bridge or a server between does not keep up with the rate that was asked for.',
    remedy: 'Give the lower rate in the config, which saves the attempt.',
  },
  'backup-unreadable': {
    meaning: 'Nothing was written: what would be put back is not what was saved.',
    cause: 'Files of the backup were changed, removed or only half copied.',
    remedy: 'Use another backup: each flash has its own, below .at-pki/backup.',
  },
  'esptool-failed': {
    meaning: 'What esptool was doing is in the message; writes that were finished are verified.',
    cause: 'esptool is not installed, is of another major version than 4 or 5, or met an error of its own.',
    remedy: 'Run the same esptool by hand with flash_id on the same port, or leave --esptool out.',
  },
} as const satisfies Partial<Record<Code, Explanation>>;
