import { expired } from '../../checks/expired.ts';
import { expiresSoon } from '../../checks/expires-soon.ts';
import { applySeverities } from '../../checks/severity.ts';
import { type Diagnostic, diagnostic } from '../../core/diagnostics/diagnostic.ts';
import { largestOf } from '../../core/lists.ts';
import { count, displayWidth, printable } from '../../core/text.ts';
import { keyText } from '../../pki/public-key.ts';
import { dayOf } from '../../pki/time.ts';
import { openProject } from '../../project/open.ts';
import { severitiesOf } from '../../project/project.ts';
import { certificateFields } from '../../report/certificate.ts';
import { present } from '../../report/document.ts';
import { choiceOf } from '../../report/index.ts';
import { validity } from '../../report/inspection.ts';
import type { Command } from '../command.ts';
import { projectOptions } from '../options.ts';
import { type ListedCertificate, listCertificates } from './list-certificates.ts';

const { module, table, 'no-exec': noExec } = projectOptions;
const day = 24 * 60 * 60 * 1000;

export const list: Command = {
  name: 'certs list',
  summary: 'List every certificate of the project, the next to expire first',
  usage: ['certs list [options]'],
  about: 'Takes the config or esp-at checkout here, as build does.',
  options: {
    'expires-within': { type: 'string', value: 'DAYS', help: 'Exit 1 if one expires within so many days, or has' },
    module,
    table,
    'no-exec': noExec,
  },
  words: { min: 0, max: 0 },
  examples: [
    ['at-pki certs list', 'with the days that each has left'],
    ['at-pki certs list --expires-within 60', 'in a nightly job'],
    ['at-pki certs list --json | jq .certificates', 'for scripts'],
  ],
  async run(args, context) {
    const { cwd, env, askPassword, interruption, now = () => new Date() } = context;
    const choice = choiceOf(args, context);
    const time = now();
    const shown = (certificates: readonly ListedCertificate[], diagnostics: readonly Diagnostic[]) => {
      const fields = { certificates: certificates.map((certificate) => fieldsOf(certificate, time)) };
      const lines = certificates.length > 0 ? tableOf(certificates, time) : [];
      return present({ command: 'certs list', cwd, fields, lines, diagnostics }, choice, context);
    };
    const within = args.text('expires-within');
    if (within !== undefined && !/^[0-9]{1,6}$/.test(within)) {
      const message = `--expires-within ${printable(within)} is no number of days`;
      return shown([], [diagnostic('usage', message, { hint: 'e.g. --expires-within 60' })]);
    }
    const [config, moduleName, tableFile] = ['config', 'module', 'table'].map((name) => args.text(name));
    const exec = !args.flag('no-exec');
    const { project, diagnostics } = await openProject({
      ...{ cwd, exec },
      config,
      module: moduleName,
      table: tableFile,
    });
    if (project === undefined) return shown([], diagnostics);
    const found = await listCertificates(project, { env, exec, interruption, askPassword });
    const late =
      within === undefined
        ? []
        : found.certificates.flatMap((certificate) => expiry(certificate, Number(within), time));
    const opened = applySeverities(diagnostics, severitiesOf(project, {}));
    return shown(found.certificates, [...opened, ...found.diagnostics, ...late]);
  },
};

function fieldsOf({ partition, slot, name, certificate }: ListedCertificate, now: Date) {
  return { partition, slot, file: name, ...certificateFields(certificate, now) };
}

function expiry({ slot, name, file, certificate }: ListedCertificate, days: number, now: Date): Diagnostic[] {
  const { notAfter, subject } = certificate;
  const left = notAfter.getTime() - now.getTime();
  if (left > days * day) return [];
  const place = file === undefined ? {} : { place: { file } };
  const hint = 'renew it before devices in the field need it';
  const who = `${printable(name)} (${slot}, ${subject.text || 'no name'})`;
  if (left < 0) return [diagnostic(expired, `${who} expired on ${dayOf(notAfter)}`, { ...place, hint })];
  const message = `${who} expires on ${dayOf(notAfter)}, in ${count(Math.floor(left / day), 'day')}`;
  return [diagnostic(expiresSoon, message, { severity: 'error', ...place, hint })];
}

function tableOf(certificates: readonly ListedCertificate[], now: Date): string[] {
  const rows = certificates.map(({ partition, slot, certificate }) => {
    const { subject, issuer, notBefore, notAfter, publicKey, selfIssued } = certificate;
    const dates = { notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
    return [
      slot.startsWith(`${partition}.`) ? slot : `${partition}/${slot}`,
      dayOf(notAfter),
      validity(dates, now),
      keyText(publicKey),
      subject.text || '(no name)',
      selfIssued ? 'itself' : issuer.text || '(no name)',
    ];
  });
  const all = [['slot', 'until', '', 'key', 'subject', 'issuer'], ...rows];
  const widths = (all[0] ?? []).map((_, column) => largestOf(all.map((row) => displayWidth(row[column] ?? ''))));
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}
