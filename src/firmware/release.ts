/** Major and minor number of a release of ESP-AT: `v3.2`, `v2.2.0.0_esp32`. Undefined for `master` and the like. */
export function releaseNumber(release: string | undefined): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(release ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 100 + Number(minor);
}
