/** The partition that an image is made for. */
export interface Target<Settings = unknown> {
  /** Bytes. */
  readonly size: number;
  /** How the image is written, in a format that knows more than one way. */
  readonly settings?: Settings;
}
