/**
 * The part of cosmiconfig 9.0.2 that loads a config. It is not public, which is why package.json names the exact
 * version; its own types leave its members out.
 */
declare module 'cosmiconfig/dist/Explorer.js' {
  import type { CosmiconfigResult, Loader } from 'cosmiconfig';

  export class Explorer {
    constructor(options: {
      readonly moduleName: string;
      readonly searchPlaces: readonly string[];
      readonly loaders: Readonly<Record<string, Loader>>;
      readonly transform: (result: CosmiconfigResult) => CosmiconfigResult;
      readonly cache: boolean;
    });
    /** Null where a package.json has no property of that name; `isEmpty` where the file is blank. */
    load(file: string): Promise<CosmiconfigResult>;
  }
}
