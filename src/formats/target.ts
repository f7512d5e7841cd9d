/** The partition that an image is made for. */
export interface Target<Settings = unknown> {
  /** Bytes. */
  readonly size: number;
  /** Settings of the format for the image. */
  readonly settings?: Settings;
}
