import { count, grouped } from '../../core/text.ts';
import type { NvsVersion } from './layout.ts';
import { maxBlob, maxNameBytes, maxNamespaces, maxString, maxVersion1 } from './layout.ts';
import {
  type IntegerType,
  integerRange,
  isSigned,
  type NvsContent,
  type NvsEntry,
  type NvsProblem,
  namespacesOf,
} from './model.ts';

/**
 * What would make content unreadable on the device. The reference generators accept most of it: duplicates, keys
 * before any namespace, keys that spill into the value.
 */
export function validate(content: NvsContent, version: NvsVersion): NvsProblem[] {
  const problems = namespaceProblems(content);
  const firstOf = new Map<string, Map<string, number>>();
  for (const [index, entry] of content.entries.entries()) {
    const { namespace, key } = entry;
    const report = (problem: NvsProblem) => problems.push({ ...problem, entry: index });
    if (namespace === '') {
      report({
        code: 'nvs-name',
        field: 'namespace',
        message: `key ${quoted(key)} stands before any namespace`,
        hint: 'the firmware opens a namespace first: put one before it',
      });
    }
    const badKey = nameProblem('key', key);
    if (badKey) report({ code: 'nvs-name', field: 'key', ...badKey });

    const keys = firstOf.get(namespace) ?? new Map<string, number>();
    firstOf.set(namespace, keys);
    const first = keys.get(key);
    if (first === undefined) keys.set(key, index);
    else {
      const message = `key ${quoted(key)} stands twice in namespace ${quoted(namespace)}`;
      report({
        code: 'nvs-name',
        field: 'key',
        message,
        first,
        hint: 'the device reads only one of them: remove the other',
      });
    }
    const badValue = valueProblem(entry, version);
    if (badValue) report(badValue);
  }
  return problems;
}

function namespaceProblems(content: NvsContent): NvsProblem[] {
  const problems: NvsProblem[] = [];
  const listed = new Set<string>();
  for (const namespace of content.namespaces ?? []) {
    if (listed.has(namespace)) {
      const message = `namespace ${quoted(namespace)} stands twice`;
      const hint = 'the reference generators lose the keys below the second: put all keys below the first';
      problems.push({ code: 'nvs-name', field: 'namespace', namespace, message, hint });
    }
    listed.add(namespace);
  }
  const namespaces = namespacesOf(content);
  for (const namespace of namespaces) {
    // An entry without a namespace is reported as such.
    if (namespace === '' && !listed.has('')) continue;
    const bad = nameProblem('namespace', namespace);
    if (bad) problems.push({ code: 'nvs-name', field: 'namespace', namespace, ...bad });
  }
  if (namespaces.length > maxNamespaces) {
    const message = `${grouped(namespaces.length)} namespaces; an NVS partition numbers at most ${maxNamespaces}`;
    const namespace = namespaces[maxNamespaces] ?? '';
    problems.push({ code: 'item-count', field: 'namespace', namespace, message });
  }
  return problems;
}

const quoted = (name: string): string => JSON.stringify(name);
// Without properties of Unicode, whose tables each start would load.
const control = /[^\x20-\x7e\xa0-\uffff]/;
const loneSurrogate = /[\ud800-\udfff]/u;

function nameProblem(what: 'key' | 'namespace', name: string): Pick<NvsProblem, 'message' | 'hint'> | undefined {
  if (name === '') return { message: `a ${what} is empty` };
  const length = Buffer.byteLength(name);
  if (length > maxNameBytes) {
    const message = `${what} ${quoted(name)} has ${count(length, 'byte')}; NVS takes at most ${maxNameBytes}`;
    return length > name.length ? { message, hint: 'letters beyond ASCII take 2 to 4 bytes each' } : { message };
  }
  if (control.test(name)) return { message: `${what} ${quoted(name)} has a control character` };
  if (loneSurrogate.test(name)) return { message: `${what} ${quoted(name)} is not a valid Unicode text` };
  return undefined;
}

/** Never quotes strings or blobs: they may be secret. */
function valueProblem(entry: NvsEntry, version: NvsVersion): NvsProblem | undefined {
  const { type, value } = entry;
  if (type === 'blob') return tooLong(entry, 'blob', value.length, version === 1 ? maxVersion1 : maxBlob, version);
  if (type !== 'string') return integerProblem(entry, type, value);
  if (typeof value === 'string') {
    const bad = (message: string, hint?: string): NvsProblem => ({
      code: 'nvs-value',
      field: 'value',
      message: `the string of key ${quoted(entry.key)} ${message}`,
      hint,
    });
    const nul = value.indexOf('\0');
    if (nul >= 0) return bad(`has a NUL at character ${nul + 1}, where the device would stop`, 'store it as a blob');
    if (loneSurrogate.test(value)) return bad('is not a valid Unicode text');
  }
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return tooLong(entry, 'string', length + 1, version === 1 ? maxVersion1 : maxString, version);
}

function tooLong(
  { key }: NvsEntry,
  what: 'string' | 'blob',
  length: number,
  limit: number,
  version: NvsVersion,
): NvsProblem | undefined {
  if (length <= limit) return undefined;
  const nul = what === 'string' ? ' with its NUL' : '';
  const message = `the ${what} of key ${quoted(key)} has ${grouped(length)} bytes${nul}; NVS version ${version} takes at most ${grouped(limit)}`;
  if (version === 1 && length <= maxBlob)
    return { code: 'item-size', field: 'value', message, hint: 'version 2 takes it' };
  if (what === 'string') return { code: 'item-size', field: 'value', message, hint: 'store it as a blob' };
  return { code: 'item-size', field: 'value', message };
}

function integerProblem({ key }: NvsEntry, type: IntegerType, value: number | bigint): NvsProblem | undefined {
  const { least, most } = integerRange(type);
  const whole = typeof value === 'bigint' || Number.isInteger(value);
  if (whole && value >= least && value <= most) return undefined;
  const message = `key ${quoted(key)}: ${value} is not ${article(type)} ${type}, which goes from ${least} to ${most}`;
  return { code: 'nvs-value', field: 'value', message };
}

const article = (type: IntegerType): string => (isSigned(type) ? 'an' : 'a');
