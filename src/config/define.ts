import type { Config } from './generated/config.ts';

/** Gives a config in JavaScript or TypeScript its type: `export default defineConfig({ … })`. */
export const defineConfig = (config: Config): Config => config;
