/** Refuses to make a lab on a machine that cannot have one, before anything is touched. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { type Machine, machineLacks } from "./machine-needs.mjs";

const programs = ["busybox", "flock", "ip", "losetup", "mount", "nft", "nsenter", "unshare"];

/** @throws UserError HF7001, HF7002 or HF7003, naming what is missing and what to do. */
export function checkMachine(machine?: Machine): void {
  const [first, ...others] = machine === undefined ? machineLacks() : machineLacks(machine);
  if (first !== undefined) {
    const what = [first, ...others].map((lack) => lack.what).join("; and ");
    const remedy = [first, ...others].map((lack) => lack.remedy).join(" ");
    if (first.what === "root") throw new UserError("HF7001", "a lab needs root", { remedy });
    throw new UserError("HF7002", `this machine lacks ${what}`, { remedy });
  }
  const missing = programs.filter((program) => !isInPath(program));
  if (missing.length > 0) {
    throw new UserError("HF7003", `these programs are missing: ${missing.join(", ")}`, {
      remedy: "apt-get install --no-install-recommends busybox-static iproute2 nftables util-linux",
    });
  }
}

function isInPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((dir) => {
    try {
      accessSync(path.join(dir, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
