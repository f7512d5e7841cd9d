export interface JsonDialect {
  /** Comments and trailing commas are welcome: .jsonc. */
  readonly comments: boolean;
}
