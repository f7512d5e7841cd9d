import { compareWithMbedTls } from '../mbedtls/compare.ts';

// Thousands of generated cases beside mbedTLS itself.
for (const seed of [2, 3]) compareWithMbedTls(seed, 1);
