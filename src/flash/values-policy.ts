import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Result } from '../core/result.ts';
import { count, printable } from '../core/text.ts';
import { formats } from '../formats/index.ts';
import type { ComparedValues, HeldProblem, StoredValue } from '../formats/stored-values.ts';
import type { Partition } from '../sources/partition.ts';
import type { PlannedImage } from './images.ts';
import type { Decide, Decision } from './put-images.ts';
import { leftOversReplaced, valuesKept, valuesReplaced, valuesUndecided, valueText } from './values-text.ts';

export type ValuesPolicy = 'merge' | 'overwrite';

export interface Asking {
  /** Absent: whoever sits there is asked, and without anybody nothing is written. */
  readonly policy?: ValuesPolicy;
  readonly choose?: (question: string, choices: readonly string[]) => Promise<string | undefined>;
}

/**
 * Returns what decides on a partition that the device writes to, too, and of which it holds something else than the
 * image: what only the device has is not lost without somebody saying so. Where it has all that the image has and more
 * there is nothing to be done. Undefined where the device writes nothing.
 */
export function decideValues(partition: Partition, asking: Asking): Decide | undefined {
  const { values } = formats[partition.format];
  if (values === undefined) return undefined;
  const { name, namespaces = [] } = partition;
  const about = { name, owned: namespaces.map((namespace) => namespace.name) };
  return async (image, held) => {
    const compared = (await values()).compare(held, image.bytes, about);
    if (asking.policy === 'overwrite') return overwrite(partition, image, compared);
    if (!compared.ok) return { diagnostics: [found(partition, compared.error)] };
    const { onlyOnDevice, leftOver, changed, problems } = compared.value;
    const notes = problems.map((problem) => found(partition, problem));
    if (leftOver.length > 0) notes.push(leftOversReplaced(partition, leftOver));
    if (onlyOnDevice.length === 0) return { image, diagnostics: notes };
    const isUpToDate = changed.length + leftOver.length + problems.length === 0;
    if (isUpToDate) return { valuesKept: onlyOnDevice.length, diagnostics: [valuesKept(partition, onlyOnDevice)] };
    switch (asking.policy ?? (await ask(partition, onlyOnDevice, asking))) {
      case 'merge':
        return withNotes(merge(partition, image, compared.value), notes);
      case 'overwrite':
        return { image, diagnostics: [...notes, valuesReplaced(partition, onlyOnDevice)] };
      default:
        return { diagnostics: [...notes, valuesUndecided(partition, onlyOnDevice)] };
    }
  };
}

const found = ({ name, place }: Partition, { code, message, hint }: HeldProblem): Diagnostic =>
  diagnostic(code, message, { partition: name, place, hint });

const withNotes = (decision: Decision, notes: Decision['diagnostics']): Decision => ({
  ...decision,
  diagnostics: [...notes, ...decision.diagnostics],
});

/** Also where what the device holds cannot be read. */
function overwrite(partition: Partition, image: PlannedImage, compared: Result<ComparedValues, HeldProblem>): Decision {
  const lost = compared.ok ? compared.value.onlyOnDevice : [];
  return { image, diagnostics: lost.length > 0 ? [valuesReplaced(partition, lost)] : [] };
}

function merge(partition: Partition, image: PlannedImage, compared: ComparedValues): Decision {
  const { onlyOnDevice } = compared;
  const merged = compared.merge(partition);
  if (merged.ok) {
    return {
      image: { ...image, bytes: merged.value },
      valuesKept: onlyOnDevice.length,
      diagnostics: [valuesKept(partition, onlyOnDevice)],
    };
  }
  const { name, place } = partition;
  const subject = `${name} with ${count(onlyOnDevice.length, 'value')} of the device`;
  const hint = 'delete what is not needed there (AT+SYSMFG=0), or replace all of it: --overwrite';
  const problems = merged.error.map(({ code, message }) =>
    diagnostic(code, `${subject}: ${message}`, { partition: name, hint, place }),
  );
  return { diagnostics: problems };
}

const answers: Readonly<Record<string, ValuesPolicy>> = { keep: 'merge', replace: 'overwrite' };

async function ask(
  { name }: Partition,
  values: readonly StoredValue[],
  { choose }: Asking,
): Promise<ValuesPolicy | undefined> {
  const list = values.map((value) => `  ${valueText(value)}`).join('\n');
  const question = `${printable(name)} of the device has ${count(values.length, 'value')} that the image lacks:\n${list}`;
  const answer = await choose?.(question, [...Object.keys(answers), 'stop']);
  return answer === undefined ? undefined : answers[answer];
}
