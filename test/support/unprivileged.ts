/** A user and a group that own nothing: `nobody` on Linux. */
const nobody = 65534;

/**
 * Runs an action as a user whom file permissions bind, for tests that may run as root. What it needs to read has to be
 * readable for everybody; what it imports must be imported by then.
 */
export function unprivileged<Value>(action: () => Value): Value {
  const restore = stepDown();
  try {
    return action();
  } finally {
    restore();
  }
}

/** The same for an action that waits: nothing else may run in this process meanwhile. */
export async function unprivilegedAsync<Value>(action: () => Promise<Value>): Promise<Value> {
  const restore = stepDown();
  try {
    return await action();
  } finally {
    restore();
  }
}

/** Gives the rights up; what it returns takes them back. */
function stepDown(): () => void {
  const { geteuid, getegid, getgroups, seteuid, setegid, setgroups } = process;
  if (geteuid?.() !== 0 || !getegid || !getgroups || !seteuid || !setegid || !setgroups) return () => {};
  const [group, groups] = [getegid(), getgroups()];
  setgroups([]);
  setegid(nobody);
  seteuid(nobody);
  return () => {
    seteuid(0);
    setegid(group);
    setgroups(groups);
  };
}
