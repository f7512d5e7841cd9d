import { append } from '../../core/lists.ts';
import { count, grouped, printable } from '../../core/text.ts';
import { bytesOf, lengthOf } from '../../formats/nvs/content.ts';
import { locate } from '../../formats/nvs/locate.ts';
import { nvsIn } from '../../formats/nvs/read.ts';
import { isSecret } from '../../formats/nvs/secret.ts';
import { isKnown } from '../../pki/contents.ts';
import { describe } from '../../pki/describe.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { contentLines, withDays } from '../../report/inspection.ts';
import { pageFields, pageLines, secretContents, slotTotals, summaryText } from '../../report/nvs.ts';
import type { Arguments, Context } from '../command.ts';
import type { OpenInput } from '../open-input.ts';
import { sourceOf } from './options.ts';

/** What `inspect` shows of an NVS image, and its exit code; undefined where it is none. */
export function inspectNvs(
  args: Arguments,
  { input, origin, ...opened }: OpenInput,
  context: Context,
): Promise<number> | undefined {
  const { cwd, now = () => new Date() } = context;
  const time = now();
  if (locate(input.bytes).length === 0) return undefined;
  const choice = choiceOf(args, context);
  const read = nvsIn(cwd, sourceOf(args), input);
  if (!read.ok) {
    const fields = { ...origin, format: 'nvs' };
    const failed = { command: 'inspect', cwd, fields, lines: [], diagnostics: [...opened.diagnostics, read.error] };
    return present(failed, choice, context);
  }
  const { decoded, stretch } = read.value;
  const diagnostics = [...opened.diagnostics, ...read.value.diagnostics];
  const namespaces = decoded.namespaces.map((namespace) => {
    const own = decoded.entries.filter((entry) => entry.namespace === namespace);
    const entries = own.map((entry) => {
      const bytes = bytesOf(entry) ?? new Uint8Array();
      const contents = isSecret(entry) ? secretContents(bytes) : describe(bytes);
      const known = isKnown(contents) ? { contents: contents.map((one) => withDays(one, time)) } : {};
      return { key: entry.key, type: entry.type, length: lengthOf(entry), ...known };
    });
    return { name: namespace, entries };
  });
  const { offset, length: size } = stretch;
  const where = { ...origin, format: 'nvs', offset, size };
  const fields = { ...where, slots: slotTotals(decoded), namespaces, pages: pageFields(decoded) };
  const lines = [`${input.name}: NVS, ${grouped(size)} bytes, ${summaryText(decoded)}`];
  for (const { name: namespace, entries } of namespaces) {
    lines.push(`  ${printable(namespace)}`);
    for (const { key, type, length, contents = [] } of entries) {
      lines.push(`    ${printable(key)}  ${type}, ${count(length, 'byte')}`);
      append(
        lines,
        contents.flatMap((one) => contentLines(one, time).map((line) => `      ${printable(line)}`)),
      );
    }
  }
  return present(
    { command: 'inspect', cwd, fields, lines: [...lines, ...pageLines(decoded)], diagnostics },
    choice,
    context,
  );
}
