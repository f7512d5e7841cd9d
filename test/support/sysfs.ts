import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface UsbDevice {
  readonly ids: string;
  readonly product?: string;
}

/** What Linux shows of its serial ports: `/sys` and `/dev` under a folder of a test. */
export class Sysfs {
  readonly root: string;
  #count = 0;

  constructor(root: string) {
    this.root = root;
  }

  /** `ttyUSB0` behind a bridge, or `ttyACM0` of a device that is a port by itself. */
  usbPort(name: string, usb: UsbDevice, { hasNode = true } = {}): this {
    const device = this.#usb(usb);
    const own = name.startsWith('ttyUSB') ? `${device}/x:1.0/${name}` : `${device}/x:1.0`;
    return this.#tty(name, own, hasNode);
  }

  /** A port of the machine's own UART; without hardware its type is 0. */
  uart(name: string, type: number): this {
    this.#tty(name, `sys/devices/pnp0/${name}`, true);
    return this.file(`sys/class/tty/${name}/type`, `${type}\n`);
  }

  /** A terminal without a device, like the console. */
  terminal(name: string): this {
    return this.file(`sys/class/tty/${name}/dev`, '4:0\n');
  }

  /** A bridge that no driver made a port of. */
  plugged(usb: UsbDevice): this {
    this.#usb(usb);
    return this;
  }

  file(path: string, text: string): this {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return this;
  }

  #usb({ ids, product }: UsbDevice): string {
    const name = `1-${++this.#count}`;
    const device = `sys/devices/usb1/${name}`;
    const [vendor, productId] = ids.split(':');
    this.file(`${device}/idVendor`, `${vendor}\n`).file(`${device}/idProduct`, `${productId}\n`);
    if (product !== undefined) this.file(`${device}/product`, `${product}\n`);
    this.#connection(`sys/bus/usb/devices/${name}`, device);
    return device;
  }

  #tty(name: string, device: string, hasNode: boolean): this {
    this.file(`${device}/driver/uevent`, '');
    this.#connection(`sys/class/tty/${name}/device`, device);
    return hasNode ? this.file(`dev/${name}`, '') : this;
  }

  #connection(path: string, target: string): this {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(join(this.root, target), join(this.root, path));
    return this;
  }
}
