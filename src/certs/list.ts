import { type Diagnostic, isError } from '../core/diagnostic.ts';
import type { Certificate } from '../pki/x509.ts';
import { outsideOf, type Surroundings } from '../plan/outside.ts';
import type { Project } from '../plan/project.ts';
import { readStable } from '../plan/read-stable.ts';
import { readSources } from '../plan/snapshot.ts';
import { certificatesIn } from './found.ts';

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

/** Every certificate that a build would put into an image, those that expire first at the front. */
export async function listCertificates(
  project: Project,
  surroundings: Surroundings,
): Promise<{ certificates: readonly ListedCertificate[]; diagnostics: readonly Diagnostic[] }> {
  const certificates: ListedCertificate[] = [];
  const diagnostics: Diagnostic[] = [];
  const outside = outsideOf(surroundings);
  for (const partition of project.partitions) {
    const snapshot = await readSources(partition, project.root, readStable, outside);
    const interruption = snapshot.diagnostics.find(({ code }) => code === 'interrupted');
    if (interruption) return { certificates: [], diagnostics: [interruption] };
    // Notes on the packing are for the build to tell.
    diagnostics.push(...snapshot.diagnostics.filter(isError));
    const counts = new Map<string, number>();
    for (const entry of snapshot.entries) {
      const number = counts.get(entry.kind) ?? 0;
      counts.set(entry.kind, number + 1);
      const slot = entry.nvs?.key ?? `${partition.name}.${number}`;
      const where = { partition: partition.name, slot, name: entry.name };
      for (const certificate of certificatesIn(entry.bytes).certificates) {
        certificates.push({ ...where, ...(entry.file && { file: entry.file }), certificate });
      }
    }
  }
  const time = ({ certificate }: ListedCertificate): number => certificate.notAfter.getTime();
  return { certificates: certificates.sort((a, b) => time(a) - time(b)), diagnostics };
}
