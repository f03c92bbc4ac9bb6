import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceConfig } from "../../../test/disk/resource-config.ts";
import { withServed } from "../../../test/disk/served-fixture.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { requireNoCircle } from "./resync-circle.ts";

test("a circle over servers that are asked one after the other is refused with all its names", async () => {
  const configs = new Map([after("r1", "r2"), after("r2", "r0")].map((one) => [one.name, one]));
  const asked: string[] = [];
  const show = async (resource: string): Promise<DrbdResourceConfig> => {
    asked.push(resource);
    const config = configs.get(resource);
    if (config === undefined) throw new Error("nobody serves it");
    return config;
  };
  await assert.rejects(requireNoCircle(after("r0", "r1"), [0], show), {
    code: "HF2167",
    exit: 10,
    message: "This would cause a resync-after dependency cycle: r0/0 -> r1/0 -> r2/0 -> r0/0",
  });
  assert.deepEqual(asked, ["r1", "r2"]);
  configs.delete("r2");
  await requireNoCircle(after("r0", "r1"), [0], show);
});

test("a volume that is to wait for itself is not attached, and its server goes on", async () => {
  await withServed(async ({ ask, served }) => {
    served.config = { ...after("r0", "r0"), local: served.config.local };
    await assert.rejects(ask("attach", { volume: 0 }), { code: "HF2167" });
    served.config = { ...after("r0", "nobody"), local: served.config.local };
    await ask("attach", { volume: 0 });
    await assert.rejects(ask("adjust", { config: after("r0", "r0") }), { code: "HF2167" });
  });
});

function after(name: string, resource: string): DrbdResourceConfig {
  const config = resourceConfig(name, { disk: `/dev/${name}` });
  const volumes = config.volumes.map((volume) => ({
    ...volume,
    options: { ...volume.options, resyncAfter: { resource, volume: 0, minor: 1 } },
  }));
  return { ...config, volumes };
}
