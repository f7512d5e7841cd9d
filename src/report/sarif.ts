import { explanationOf } from '../checks/explanations.ts';
import { nodeCrypto } from '../core/crypto.ts';
import { type Code, codes } from '../core/diagnostics/codes.ts';
import { type Diagnostic, type Place, textOf } from '../core/diagnostics/diagnostic.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import { writeJson } from '../core/door.ts';
import { withoutSecrets } from '../core/mask.ts';
import { version } from '../core/version.ts';
import { shownPath } from '../pipeline/build-report.ts';
import type { Reporter } from './reporter.ts';

const level: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const sarif: Reporter = ({ diagnostics, cwd }, _style, { stdout }) => {
  const used = [...new Set(diagnostics.map(({ code }) => code))];
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'at-pki', semanticVersion: version, rules: used.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((one) => resultOf(one, used.indexOf(one.code), cwd)),
      },
    ],
  };
  writeJson(stdout, document);
};

function ruleOf(code: Code): object {
  const { severity, summary } = codes[code];
  const explanation = explanationOf(code);
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: explanation && { text: `${explanation.meaning} ${explanation.cause}` },
    help: explanation && { text: explanation.remedy },
    defaultConfiguration: { level: level[severity] },
  };
}

function resultOf(one: Diagnostic, ruleIndex: number, cwd: string): object {
  const { code, severity, place, partition, hint } = one;
  const message = textOf(one);
  // Before it is encoded: a key in a path has slashes.
  const uri = place && withoutSecrets(shownPath(place.file, cwd)).split('/').map(encodeURIComponent).join('/');
  const region = place?.line === undefined ? undefined : regionOf(place);
  return {
    ruleId: code,
    ruleIndex,
    level: level[severity],
    message: { text: hint ? `${message}. ${hint}` : message },
    locations: uri ? [{ physicalLocation: { artifactLocation: { uri }, region } }] : undefined,
    partialFingerprints: { 'atPki/v1': fingerprint([code, uri ?? '', partition ?? '', message]) },
  };
}

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
