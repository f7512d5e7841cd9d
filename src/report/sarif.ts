import { infoOf } from '../checks/catalogue.ts';
import { nodeCrypto } from '../core/crypto.ts';
import { type Diagnostic, type Place, textOf } from '../core/diagnostics/diagnostic.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import { writeJson } from '../core/door.ts';
import { withoutSecrets } from '../core/mask.ts';
import { version } from '../core/version.ts';
import { shownPath } from '../pipeline/build-report.ts';
import type { Reporter } from './reporter.ts';

const level: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const sarif: Reporter = async ({ diagnostics, cwd }, _style, { stdout }) => {
  const used = [...new Set(diagnostics.map(({ code }) => code))];
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'at-pki', semanticVersion: version, rules: await Promise.all(used.map(ruleOf)) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((found) => resultOf(found, used.indexOf(found.code), cwd)),
      },
    ],
  };
  writeJson(stdout, document);
};

async function ruleOf(code: string): Promise<object> {
  const info = infoOf(code);
  if (info === undefined) return { id: code };
  const { meaning, cause, remedy, source } = await info.explain();
  return {
    id: code,
    shortDescription: { text: info.summary },
    fullDescription: { text: `${meaning} ${cause}` },
    help: { text: `${remedy} Source: ${source}` },
    defaultConfiguration: { level: level[info.severity] },
  };
}

function resultOf(one: Diagnostic, ruleIndex: number, cwd: string): object {
  const { code, severity, place, partition, hint, related } = one;
  const message = textOf(one);
  return {
    ruleId: code,
    ruleIndex,
    level: level[severity],
    message: { text: hint ? `${message}. ${hint}` : message },
    locations: place ? [locationOf(place, cwd)] : undefined,
    relatedLocations: related?.map((other) => ({
      ...locationOf(other.place, cwd),
      message: { text: other.message },
    })),
    partialFingerprints: {
      'atPki/v1': fingerprint([code, place ? uriOf(place, cwd) : '', partition ?? '', message]),
    },
  };
}

// Masked before it is encoded: a key in a path has slashes.
const uriOf = ({ file }: Place, cwd: string): string =>
  withoutSecrets(shownPath(file, cwd)).split('/').map(encodeURIComponent).join('/');

const locationOf = (place: Place, cwd: string): object => ({
  physicalLocation: {
    artifactLocation: { uri: uriOf(place, cwd) },
    region: place.line === undefined ? undefined : regionOf(place),
  },
});

const regionOf = ({ line, column, length = 1 }: Place): object => ({
  startLine: line,
  startColumn: column,
  endColumn: column === undefined ? undefined : column + length,
});

/** The same finding in the same file is the same one, on whatever line it stands; days and sizes in it may pass. */
const fingerprint = (parts: readonly string[]): string =>
  nodeCrypto()
    .createHash('sha256')
    .update(parts.join('\n').replace(/[\d,]+/g, '#'))
    .digest('hex')
    .slice(0, 32);
