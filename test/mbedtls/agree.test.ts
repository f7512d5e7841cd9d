import { compareWithMbedTls } from './compare.ts';

// A third of the cases; npm run fuzz tries all of them, with other seeds.
compareWithMbedTls(1, 3);
