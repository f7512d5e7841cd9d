/** A thing in a file: an entry, an item, a certificate. What inspect shows, extract writes and diff compares. */
export interface ImageNode {
  /** What makes it the same on both sides of a diff, as JSON has it: `{ "namespace": "mqtt_ca", "key": "mqtt_ca" }`. */
  readonly name: Readonly<Record<string, string | number>>;
  /** The same for people. */
  readonly label: string;
  readonly type: string;
  /** A number or text that may be shown, or bytes, which are described. Absent where being there is all. */
  readonly value?: bigint | string | Uint8Array;
  /** The value must not be shown. */
  readonly secret: boolean;
}
