import { runChecks } from '../../src/checks/index.ts';
import { manySlots } from '../support/many-slots.ts';
import { median, milliseconds, runs, show } from '../support/pairs.ts';

// Cost of the checks. Run it with `npm run bench`.

console.log(`median of ${runs}, in one process`);
const slots = manySlots(200);
const times = Array.from({ length: runs }, () => milliseconds(() => runChecks(slots())));
show('200 certificates and their keys, read and checked', median(times));
