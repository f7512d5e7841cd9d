import { DeviceError } from '../../src/device/device.ts';

/** The diagnostic that something fails with; anything but a DeviceError fails the test. */
export async function failing(promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DeviceError) {
      const { code, message, hint = '' } = error.diagnostic;
      return { code, message, hint };
    }
    throw error;
  }
  throw new Error('it did not fail');
}
