import { diagnostic } from '../../../core/diagnostics/diagnostic.ts';
import { codeOf } from '../../../files/path-kind.ts';
import { interruptible } from '../../../programs/interruptible.ts';
import { makeOwnFolder, type OwnFolder } from '../../../programs/own-folder.ts';
import { DeviceError } from '../../device.ts';

/** Gives a new folder for the files of a call of esptool, which are keys, and removes it with all it holds. */
export const inOwnFolder = <Value>(use: (folder: string) => Promise<Value>): Promise<Value> =>
  interruptible(undefined, async () => {
    const folder = makeFolder();
    try {
      return await use(folder.path);
    } finally {
      folder.remove();
    }
  });

function makeFolder(): OwnFolder {
  try {
    return makeOwnFolder();
  } catch (error) {
    const message = `no temporary folder for esptool can be made (${codeOf(error)})`;
    throw new DeviceError(
      diagnostic('esptool-failed', message, { hint: 'set TMPDIR to a folder that can be written' }),
      {
        cause: error,
      },
    );
  }
}
