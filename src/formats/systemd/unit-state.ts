/** What `systemctl show --property=LoadState,ActiveState,…` prints: one KEY=VALUE a line. */

export type UnitState = {
  /** loaded, not-found, masked, bad-setting, error … */
  readonly load: string;
  /** active, reloading, inactive, failed, activating, deactivating, maintenance … */
  readonly active: string;
  /** running, exited, dead, failed, auto-restart …: what the unit's type makes of it. */
  readonly sub: string;
  /** How it ended last: success, exit-code, timeout, signal … */
  readonly result: string;
};

/** The properties to be asked for. */
export const unitProperties = "LoadState,ActiveState,SubState,Result";

/** Undefined where systemd has not answered. */
export function parseUnitState(text: string): UnitState | undefined {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const [load, active] = [values.get("LoadState"), values.get("ActiveState")];
  if (load === undefined || active === undefined) return undefined;
  return { load, active, sub: values.get("SubState") ?? "", result: values.get("Result") ?? "" };
}
