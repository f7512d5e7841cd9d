import { count, printable } from '../core/text.ts';
import type { NvsEntry } from '../formats/nvs/model.ts';
import type { Partition } from '../sources/partition.ts';
import type { PlannedImage } from './images.ts';
import { compareValues, mergeValues } from './nvs-values.ts';
import { entryText, leftOversReplaced, valuesKept, valuesReplaced, valuesUndecided } from './nvs-values-text.ts';
import type { Decide, Decision } from './put-images.ts';

export type ValuesPolicy = 'merge' | 'overwrite';

export interface Asking {
  /** Absent: whoever sits there is asked, and without anybody nothing is written. */
  readonly policy?: ValuesPolicy;
  readonly choose?: (question: string, choices: readonly string[]) => Promise<string | undefined>;
}

/**
 * Decides on an NVS partition of which the device holds something else than the image: what only the device has is not
 * lost without somebody saying so. Where it has all that the image has and more there is nothing to be done.
 */
export const decideValues =
  (partition: Partition, asking: Asking): Decide =>
  async (image, held) => {
    if (asking.policy === 'overwrite') return overwrite(partition, image, held);
    const compared = compareValues(partition, held, image.bytes);
    if (!compared.ok) return { diagnostics: [compared.error] };
    const { onlyOnDevice, leftOver, changed, diagnostics } = compared.value;
    const notes = [...diagnostics, ...(leftOver.length > 0 ? [leftOversReplaced(partition, leftOver)] : [])];
    if (onlyOnDevice.length === 0) return { image, diagnostics: notes };
    const isUpToDate = changed.length + leftOver.length + diagnostics.length === 0;
    if (isUpToDate) return { valuesKept: onlyOnDevice.length, diagnostics: [valuesKept(partition, onlyOnDevice)] };
    switch (asking.policy ?? (await ask(partition, onlyOnDevice, asking))) {
      case 'merge':
        return withNotes(merge(partition, image, onlyOnDevice), notes);
      case 'overwrite':
        return { image, diagnostics: [...notes, valuesReplaced(partition, onlyOnDevice)] };
      default:
        return { diagnostics: [...notes, valuesUndecided(partition, onlyOnDevice)] };
    }
  };

const withNotes = (decision: Decision, notes: Decision['diagnostics']): Decision => ({
  ...decision,
  diagnostics: [...notes, ...decision.diagnostics],
});

/** Also where what the device holds cannot be read. */
function overwrite(partition: Partition, image: PlannedImage, held: Uint8Array): Decision {
  const compared = compareValues(partition, held, image.bytes);
  const lost = compared.ok ? compared.value.onlyOnDevice : [];
  return { image, diagnostics: lost.length > 0 ? [valuesReplaced(partition, lost)] : [] };
}

function merge(partition: Partition, image: PlannedImage, values: readonly NvsEntry[]): Decision {
  const merged = mergeValues(partition, image.bytes, values);
  if (!merged.ok) return { diagnostics: merged.error };
  return {
    image: { ...image, bytes: merged.value.image },
    valuesKept: values.length,
    diagnostics: [valuesKept(partition, values)],
  };
}

const answers: Readonly<Record<string, ValuesPolicy>> = { keep: 'merge', replace: 'overwrite' };

async function ask(
  { name }: Partition,
  values: readonly NvsEntry[],
  { choose }: Asking,
): Promise<ValuesPolicy | undefined> {
  const list = values.map((one) => `  ${entryText(one)}`).join('\n');
  const question = `${printable(name)} of the device has ${count(values.length, 'value')} that the image lacks:\n${list}`;
  const answer = await choose?.(question, [...Object.keys(answers), 'stop']);
  return answer === undefined ? undefined : answers[answer];
}
