/**
 * One QMP connection for one question, or the connection that a migration under way holds: QEMU serves one client of
 * its socket at a time.
 */
import { err, ok, type Result } from "../../base/result.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { openQmp, type QmpClient } from "./qmp-client.ts";
import { runPaths } from "./run-paths.ts";

/** An error when QEMU does not answer; what it answers is the body's business. */
export async function withQmp<T>(
  context: QemuContext,
  guest: string,
  limitMs: number,
  body: (client: QmpClient) => Promise<T>,
): Promise<Result<T>> {
  const held = context.heldQmp.get(guest);
  if (held !== undefined) return ok(await body(held));
  const client = await openQmp(context, runPaths(context.directories, guest).qmp, limitMs);
  if (!client.ok) return err(client.error);
  try {
    return ok(await body(client.value));
  } finally {
    client.value.close();
  }
}
