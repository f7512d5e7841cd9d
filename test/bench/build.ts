import { join } from 'node:path';
import { atpki } from '../../src/formats/atpki/format.ts';
import { checkFit } from '../../src/pipeline/fit.ts';
import { readSources } from '../../src/sources/snapshot.ts';
import { median, runs, show } from '../support/pairs.ts';
import { fixtures } from '../support/paths.ts';

// Cost of packing, in one process. Run it with `npm run bench`.

/** Reading, packing and fitting `count` partitions of two certificates each. */
async function packing(count: number): Promise<number> {
  const root = join(fixtures, 'pki/raw_data');
  const source = { kind: 'cert', base: root, path: 'client_cert', order: 'name' } as const;
  const partition = { name: 'x_cert', format: 'atpki', file: 'x_cert.bin', size: 8192, sources: [source] } as const;
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    for (let one = 0; one < count; one++) {
      const { entries } = await readSources(partition, root);
      const packed = atpki.encode(entries);
      if (!packed.ok || checkFit(partition, packed.value, entries).length > 0)
        throw new Error('the fixtures do not fit');
    }
    times.push(performance.now() - started);
  }
  return median(times);
}

console.log(`median of ${runs}, in one process`);
const [twelve, thousand, fourThousand] = [await packing(12), await packing(1000), await packing(4000)];
show('read and pack 12 partitions of 2 certificates', twelve);
show('1,000 of them', thousand);
show('4,000 of them (four times as long where linear)', fourThousand);
