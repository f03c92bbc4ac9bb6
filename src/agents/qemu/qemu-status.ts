/** What a guest's QEMU says of it (QEMU's qapi/run-state.json, RunState), as the states that a cluster tells apart. */
import type { QmpAnswer } from "../../formats/qmp/qmp-message.ts";
import { jsonMember } from "../../formats/qmp/qmp-message.ts";
import type { GuestState } from "../guest/guest-driver.ts";
import { diskDeviceId } from "./qemu-arguments.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { isQemuKilled, qemuProcesses } from "./qemu-process.ts";
import type { QmpClient } from "./qmp-client.ts";
import { withQmp } from "./qmp-use.ts";
import { runPaths } from "./run-paths.ts";
import { type RunRecord, readRunRecord } from "./run-record.ts";

export async function qemuState(
  context: QemuContext,
  guest: string,
  limitMs: number,
): Promise<GuestState> {
  if (qemuProcesses(context, guest).length === 0) return { kind: "absent" };
  if (isQemuKilled(context, guest)) return { kind: "killed" };
  const read = await readRunRecord(context.files, runPaths(context.directories, guest).record);
  const record = read.ok ? read.value : undefined;
  const said = await withQmp(context, guest, limitMs, (client) => askState(client, record));
  if (said.ok) return said.value;
  // It may have ended while it was asked: only the process table knows.
  if (qemuProcesses(context, guest).length === 0) return { kind: "absent" };
  return { kind: "unanswering", why: said.error };
}

async function askState(client: QmpClient, record: RunRecord | undefined): Promise<GuestState> {
  const answer = await client.execute("query-status");
  if (!answer.ok) return { kind: "unanswering", why: answer.error.description };
  const status = runState(answer);
  switch (status) {
    case "running":
    case "suspended":
    case "save-vm":
    case "debug":
      return { kind: "running" };
    case "inmigrate":
    case "prelaunch":
      return { kind: "arriving" };
    case "paused":
      return record?.migration === "arriving" ? { kind: "arriving" } : { kind: "paused" };
    case "postmigrate":
      return { kind: "departed" };
    case "io-error":
      return { kind: "disk-failed", why: await describeIoError(client, record) };
    case "guest-panicked":
      return { kind: "stuck", why: "its kernel panicked" };
    default:
      return { kind: "stuck", why: `QEMU says "${status}"` };
  }
}

/** The run state of an answer to query-status; empty when there is none. */
export function runState(answer: QmpAnswer): string {
  const status = answer.ok ? jsonMember(answer.value, "status") : undefined;
  return typeof status === "string" ? status : "";
}

async function describeIoError(client: QmpClient, record: RunRecord | undefined): Promise<string> {
  const answer = await client.execute("query-block");
  const blocks = answer.ok && Array.isArray(answer.value) ? (answer.value as unknown[]) : [];
  const failed = blocks.filter((block) => {
    const status = jsonMember(block, "io-status");
    return status === "failed" || status === "nospace";
  });
  const names = failed.map((block) => diskName(jsonMember(block, "qdev"), record));
  const where = names.length === 0 ? "" : ` on ${names.join(", ")}`;
  return `it is paused by an I/O error${where}`;
}

/** The name that the domain file gives to QEMU's device (a path such as /machine/peripheral/disk0/virtio-backend). */
function diskName(qdev: unknown, record: RunRecord | undefined): string {
  const path = String(qdev);
  const disks = record?.guest.disks ?? [];
  const found = disks.find((_, i) => path.split("/").includes(diskDeviceId(i)));
  return found?.vdev ?? path;
}
