/** Where a running guest's files are (docs/ARCHITECTURE.md, "Processes on a node"). */
export type RunDirectories = {
  /** Emptied by a reboot: /run/holdfast/guests. */
  readonly run: string;
  /** /var/log/holdfast */
  readonly log: string;
};

export type RunPaths = {
  /** The run record. */
  readonly record: string;
  readonly pid: string;
  /** Holdfast's own control socket: QEMU serves one client of it at a time. */
  readonly qmp: string;
  /** The serial console, for people: `socat -,raw,echo=0 unix:…`. */
  readonly console: string;
  /** A migration's key, in the form that QEMU wants: a directory with the file keys.psk. */
  readonly keyDirectory: string;
  readonly key: string;
  /** What the guest wrote to its console, appended over all its runs. */
  readonly consoleLog: string;
  /** What QEMU itself said in its present or last run. */
  readonly qemuLog: string;
};

export function runPaths(directories: RunDirectories, guest: string): RunPaths {
  const run = `${directories.run}/${guest}`;
  return {
    record: `${run}.json`,
    pid: `${run}.pid`,
    qmp: `${run}.qmp`,
    console: `${run}.console`,
    keyDirectory: `${run}.key`,
    key: `${run}.key/keys.psk`,
    consoleLog: `${directories.log}/guest-${guest}.log`,
    qemuLog: `${directories.log}/qemu-${guest}.log`,
  };
}
