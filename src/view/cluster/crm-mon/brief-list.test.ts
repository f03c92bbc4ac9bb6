import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterStatus, PrimitiveStatus } from "../../../decision/cluster-status.ts";
import { briefItems } from "./brief-list.ts";

test("what is managed counts where it may still run: not on a node that is known to be down", () => {
  const status = {
    nodes: [
      { name: "up", online: true, unclean: false },
      { name: "lost", online: false, unclean: true },
      { name: "off", online: false, unclean: false },
    ],
  } as unknown as ClusterStatus;
  const on = (managed: boolean, ...nodes: readonly string[]): PrimitiveStatus =>
    ({ agent: "ocf:x:Guest", managed, removed: false, nodes }) as unknown as PrimitiveStatus;
  const show = { inactive: true, showNode: true };
  assert.deepEqual(
    briefItems(status, [on(true, "up"), on(true, "lost"), on(true, "off"), on(false, "off")], show),
    [
      "1/4\t(ocf:x:Guest):\tActive lost",
      "1/4\t(ocf:x:Guest):\tActive off",
      "1/4\t(ocf:x:Guest):\tActive up",
    ],
  );
});
