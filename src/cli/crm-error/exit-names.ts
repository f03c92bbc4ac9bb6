/** The names of exit statuses in Pacemaker's programs, by which they are found in its documentation. */
export const exitNames: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ...{
      0: "OK",
      1: "ERROR",
      2: "INVALID_PARAM",
      3: "UNIMPLEMENT_FEATURE",
      4: "INSUFFICIENT_PRIV",
    },
    ...{ 5: "NOT_INSTALLED", 6: "NOT_CONFIGURED", 7: "NOT_RUNNING", 8: "PROMOTED" },
    ...{ 9: "FAILED_PROMOTED", 64: "USAGE", 65: "DATAERR", 66: "NOINPUT", 67: "NOUSER" },
    ...{ 68: "NOHOST", 69: "UNAVAILABLE", 70: "SOFTWARE", 71: "OSERR", 72: "OSFILE" },
    ...{ 73: "CANTCREAT", 74: "IOERR", 75: "TEMPFAIL", 76: "PROTOCOL", 77: "NOPERM", 78: "CONFIG" },
    ...{ 100: "FATAL", 101: "PANIC", 102: "DISCONNECT", 103: "OLD", 104: "DIGEST", 105: "NOSUCH" },
    ...{ 106: "QUORUM", 107: "UNSAFE", 108: "EXISTS", 109: "MULTIPLE", 110: "EXPIRED" },
    ...{ 111: "NOT_YET_IN_EFFECT", 112: "INDETERMINATE", 113: "UNSATISFIED", 124: "TIMEOUT" },
    ...{ 190: "DEGRADED", 191: "DEGRADED_PROMOTED", 193: "NONE" },
  }).map(([code, name]): [number, string] => [Number(code), `CRM_EX_${name}`]),
);
