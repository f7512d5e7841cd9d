import { unparsable } from '../../checks/unparsable.ts';
import { type Diagnostic, diagnostic, isError } from '../../core/diagnostics/diagnostic.ts';
import { append } from '../../core/lists.ts';
import { grouped, listed, printable } from '../../core/text.ts';
import { readStable } from '../../files/read-stable.ts';
import { certificatesIn, type Found } from '../../formats/certificates.ts';
import type { Certificate } from '../../pki/x509.ts';
import type { Project } from '../../project/project.ts';
import { contentProviderOf, type Surroundings } from '../../sources/content-provider.ts';
import { placeOf, type SourceEntry } from '../../sources/read-files.ts';
import { readSources } from '../../sources/snapshot.ts';

/** A certificate of a project, and where it goes. */
export interface ListedCertificate {
  readonly partition: string;
  /** `mqtt_ca` in an NVS image; `client_ca.0` in a PKI bin of its partition. */
  readonly slot: string;
  /** As messages call its file. */
  readonly name: string;
  /** Absolute; absent for a value of the config. */
  readonly file?: string;
  readonly certificate: Certificate;
}

/**
 * Every certificate that a build would put into an image, those that expire first at the front. What is in the place
 * of one and cannot be read is an error: a nightly job would take silence for "nothing expires".
 */
export async function listCertificates(
  project: Project,
  surroundings: Surroundings,
): Promise<{ certificates: readonly ListedCertificate[]; diagnostics: readonly Diagnostic[] }> {
  const certificates: ListedCertificate[] = [];
  const diagnostics: Diagnostic[] = [];
  const provider = contentProviderOf(surroundings);
  for (const partition of project.partitions) {
    const snapshot = await readSources(partition, project.root, readStable, provider);
    const interruption = snapshot.diagnostics.find(({ code }) => code === 'interrupted');
    if (interruption) return { certificates: [], diagnostics: [interruption] };
    // Notes on the packing are for the build to tell.
    append(diagnostics, snapshot.diagnostics.filter(isError));
    const counts = new Map<string, number>();
    for (const entry of snapshot.entries) {
      const number = counts.get(entry.kind) ?? 0;
      counts.set(entry.kind, number + 1);
      const slot = entry.storedAs?.key ?? `${partition.name}.${number}`;
      const where = { partition: partition.name, slot, name: entry.name };
      const found = certificatesIn(entry.bytes);
      for (const certificate of found.certificates) {
        certificates.push({ ...where, file: entry.file, certificate });
      }
      for (const reason of unlisted(entry, found)) {
        const place = placeOf(entry);
        const details = { partition: partition.name, place };
        diagnostics.push(diagnostic(unparsable, `${printable(entry.name)} (${slot}) ${reason}`, details));
      }
    }
  }
  const time = ({ certificate }: ListedCertificate): number => certificate.notAfter.getTime();
  return { certificates: certificates.sort((a, b) => time(a) - time(b)), diagnostics };
}

/** Why certificates of a file are not in the list, each as a clause. */
function unlisted({ kind, bytes }: SourceEntry, { certificates, damaged, others, what }: Found): string[] {
  if (damaged.length > 0) return damaged.map((reason) => `cannot be read: ${reason}`);
  const isPlaceOfOne = kind === 'ca' || kind === 'cert';
  if (!isPlaceOfOne || certificates.length > 0) return [];
  if (others.length > 0) return [`holds no certificate, only ${listed([...new Set(others)])}`];
  if (what === 'oversize') return [`has ${grouped(bytes.length)} bytes, more than any flash holds`];
  return [what === 'empty' ? 'is empty' : `holds no certificate, but ${what === 'data' ? 'unknown data' : what}`];
}
