/** What is done with a guest at the source when its migration has failed. */
import { jsonMember } from "../../formats/qmp/qmp-message.ts";
import type { QmpClient } from "./qmp-client.ts";

/** Lets a guest go on that was paused for its migration, if that has provably failed; else does nothing. */
export async function goOnHere(client: QmpClient): Promise<void> {
  const asked = await client.execute("query-migrate");
  const status = asked.ok ? jsonMember(asked.value, "status") : undefined;
  // Safety: a memory that was sent whole must not execute here any more.
  if (status === "cancelled" || status === "failed") await client.execute("cont");
}
