import { join } from 'node:path';
import type { Problems } from '../../core/diagnostics/problems.ts';
import { everyMbedTls, type MbedTls, mbedTlsOfIdf, mbedTlsOfRelease } from '../../firmware/mbedtls.ts';
import type { NvsProfile } from '../../formats/nvs/model.ts';
import { readIfAny, textIn } from './files.ts';
import { releaseOfCommit } from './idf-commits.ts';

/** The last ESP-IDF whose own generator wrote the older bytes. */
const lastLegacy = { major: 5, minor: 2 };

/** What the IDF_VERSION of a module says. */
export interface IdfVersion {
  /** Which bytes the generator of that ESP-IDF writes; `new` where the version is not known. */
  readonly profile: NvsProfile;
  /** The release of ESP-AT, by the commit of its ESP-IDF; absent where that is not known. */
  readonly release?: string;
  /** The mbedTLS of that ESP-IDF; where its version is not known, all that there are. */
  readonly mbedTls: readonly MbedTls[];
}

/** Reads IDF_VERSION: lines `branch:release/v5.0` or `tag:v5.4.4`, `commit:…`, `repository:…`. */
function idfVersionOf(text: string): IdfVersion {
  const [, commit = ''] = /^commit:\s*(\w+)/m.exec(text) ?? [];
  const release = releaseOfCommit.get(commit);
  const [, majorText, minorText] = /^(?:tag|branch):\s*(?:release\/)?v(\d+)\.(\d+)/m.exec(text) ?? [];
  if (majorText === undefined || minorText === undefined) {
    return { profile: 'new', release, mbedTls: mbedTlsOfRelease(release) };
  }
  const [major, minor] = [Number(majorText), Number(minorText)];
  const isLegacy = major < lastLegacy.major || (major === lastLegacy.major && minor <= lastLegacy.minor);
  return { profile: isLegacy ? 'legacy' : 'new', release, mbedTls: [mbedTlsOfIdf(major, minor)] };
}

/** The same of a module by its folder. */
export function readIdfVersion(folder: string | undefined, problems: Problems): IdfVersion {
  const bytes = folder === undefined ? undefined : readIfAny(join(folder, 'IDF_VERSION'), problems);
  return bytes === undefined ? { profile: 'new', mbedTls: everyMbedTls } : idfVersionOf(textIn(bytes));
}
