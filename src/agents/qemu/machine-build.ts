/** How a machine is built here, and whether a machine that was built elsewhere can be built alike. */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../base/bytes.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import type { Files } from "../../ports/files.ts";
import type { Guest } from "../guest/guest.ts";
import { jsonFields } from "../guest/json-fields.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { readQemuVersion } from "./qemu-version.ts";
import { type MachineBuild, parseMachineBuild } from "./run-record.ts";

export async function buildHere(context: QemuContext, guest: Guest): Promise<Result<MachineBuild>> {
  const qemu = await readQemuVersion(context.processes);
  if (!qemu.ok) return qemu;
  const { version, machine } = qemu.value;
  const { accelerator } = await context.accelerators.choose(version, guest.kernel);
  const processor = accelerator === "kvm" ? await hostProcessor(context.files) : "";
  return ok({ qemuVersion: version, machine, accelerator, processor });
}

/**
 * A guest whose machine changes under it crashes at best. The same QEMU series builds the same machine; under KVM the
 * guest sees the host's processor, so that must be the same, too.
 */
export async function buildAlike(
  context: QemuContext,
  guest: Guest,
  offered: Readonly<Record<string, string>>,
): Promise<Result<MachineBuild>> {
  const fields = jsonFields(offered, "machine");
  const theirs = parseMachineBuild(fields);
  const problem = fields.problem();
  if (problem !== undefined) return err(problem);
  const own = await buildHere(context, guest);
  if (!own.ok) return own;
  const { qemuVersion, accelerator, processor } = own.value;
  if (series(qemuVersion) !== series(theirs.qemuVersion))
    return err(`QEMU is ${qemuVersion} here and ${theirs.qemuVersion} there`);
  if (accelerator !== theirs.accelerator)
    return err(`guests run under ${accelerator} here and under ${theirs.accelerator} there`);
  if (processor !== theirs.processor) return err("the processors of the two hosts differ");
  return ok({ ...theirs, qemuVersion });
}

/** "7.2" of "7.2.22": the last number counts corrections. */
function series(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** A digest of the processor's model and features (proc(5), /proc/cpuinfo). */
async function hostProcessor(files: Files): Promise<string> {
  const text = (await files.read("/proc/cpuinfo")) ?? "";
  const lines = ["model name", "flags"].map((name) => {
    const line = text.split("\n").find((each) => each.startsWith(name)) ?? "";
    return line.slice(line.indexOf(":") + 1).trim();
  });
  return toHex(sha256(encodeUtf8(lines.join("\n")))).slice(0, 32);
}
