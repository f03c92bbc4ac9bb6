/**
 * The host's end of a guest's network interface: a tap device in the bridge that the domain file names (ip-link(8),
 * ip-tuntap(8)). It exists as long as the guest is here.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../base/bytes.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import type { Processes } from "../../ports/processes.ts";
import type { Guest, GuestNic } from "../guest/guest.ts";

/** Linux' limit (IFNAMSIZ less the closing zero). */
const interfaceNameLengthMax = 15;

/** "hf-host1-0", or, where that is too long, a digest instead of the guest's name. */
export function tapName(guestName: string, nicNumber: number): string {
  const plain = `hf-${guestName}-${nicNumber}`;
  if (plain.length <= interfaceNameLengthMax) return plain;
  return `hf-${toHex(sha256(encodeUtf8(guestName))).slice(0, 8)}-${nicNumber}`;
}

/** Makes all of a guest's, in order; when one can't be made, none is left. */
export async function makeTaps(
  processes: Processes,
  guest: Guest,
): Promise<Result<readonly string[]>> {
  const names: string[] = [];
  for (const [i, nic] of guest.nics.entries()) {
    const name = tapName(guest.name, i);
    names.push(name);
    const made = await makeTap(processes, name, nic);
    if (!made.ok) {
      await removeTaps(processes, names);
      return err(`interface ${i} of ${guest.name} can't join bridge ${nic.bridge}: ${made.error}`);
    }
  }
  return ok(names);
}

export async function removeTaps(processes: Processes, names: readonly string[]): Promise<void> {
  // One that is gone already is as good.
  for (const name of names) await ip(processes, ["link", "delete", "dev", name]);
}

async function makeTap(processes: Processes, name: string, nic: GuestNic): Promise<Result<void>> {
  // A leftover of the same name carries another run's settings.
  await removeTaps(processes, [name]);
  const steps = [
    ["tuntap", "add", "dev", name, "mode", "tap"],
    // The bridge takes the lowest address of its ports as its own: never that of a guest that comes and goes.
    ["link", "set", "dev", name, "address", nic.mac.replace(/^[0-9a-f]{2}/i, "fe")],
    ["link", "set", "dev", name, "master", nic.bridge],
    ["link", "set", "dev", name, "up"],
  ];
  for (const step of steps) {
    const done = await ip(processes, step);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

async function ip(processes: Processes, args: readonly string[]): Promise<Result<void>> {
  const run = await processes.run("ip", args, { timeoutMs: 10_000 });
  if (run.code === 0) return ok(undefined);
  return err(run.stderr.trim() || `ip ${args.join(" ")}: ${run.failure ?? `exit ${run.code}`}`);
}
