import { releaseNumber } from './release.ts';

/**
 * The mbedTLS of a release: ESP-AT up to v3.0 stands on ESP-IDF v4.3 and older with 2.16, v3.1 to v4.0 on ESP-IDF v5.0
 * and v5.1 with 3.x, v4.1 and later on ESP-IDF v5.4 and v5.5 with 3.6. Their rules for certificates differ.
 */
export type MbedTls = '2.16' | '3.x' | '3.6';

export const everyMbedTls: readonly MbedTls[] = ['2.16', '3.x', '3.6'];

/** Returns what a release may have: v3.0 came with either of two. Of a release that is not known, all. */
export function mbedTlsOfRelease(release: string | undefined): readonly MbedTls[] {
  const number = releaseNumber(release);
  if (number === undefined) return everyMbedTls;
  if (number < 300) return ['2.16'];
  if (number === 300) return ['2.16', '3.x'];
  return number <= 400 ? ['3.x'] : ['3.6'];
}

/** The same by the ESP-IDF of a module. */
export function mbedTlsOfIdf(major: number, minor: number): MbedTls {
  if (major < 5) return '2.16';
  return major === 5 && minor < 4 ? '3.x' : '3.6';
}

/** Releases that have one of these, as the subject of a sentence: `ESP-AT v4.1 and later`. */
export function releasesWith(versions: readonly MbedTls[]): string {
  const [oldest, newest] = [versions[0] ?? '2.16', versions.at(-1) ?? '3.6'];
  if (oldest === '2.16')
    return newest === '2.16' ? 'ESP-AT up to v3.0' : newest === '3.x' ? 'ESP-AT up to v4.0' : 'ESP-AT';
  if (newest === '3.6') return oldest === '3.6' ? 'ESP-AT v4.1 and later' : 'ESP-AT v3.1 and later';
  return 'ESP-AT v3.1 to v4.0';
}
