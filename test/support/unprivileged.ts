/** A user and a group that own nothing: `nobody` on Linux. */
const nobody = 65534;

/**
 * Runs a synchronous action as a user whom file permissions bind, for tests that may run as root. What it needs to
 * read has to be readable for everybody; what it imports must be imported by then.
 */
export function unprivileged<Value>(action: () => Value): Value {
  const { geteuid, getegid, getgroups, seteuid, setegid, setgroups } = process;
  if (geteuid?.() !== 0 || !getegid || !getgroups || !seteuid || !setegid || !setgroups) return action();
  const [group, groups] = [getegid(), getgroups()];
  setgroups([]);
  setegid(nobody);
  seteuid(nobody);
  try {
    return action();
  } finally {
    seteuid(0);
    setegid(group);
    setgroups(groups);
  }
}
