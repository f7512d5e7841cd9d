export const defineConfig = (x: unknown) => x;
