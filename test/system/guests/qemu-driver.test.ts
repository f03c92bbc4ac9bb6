import assert from "node:assert/strict";
import { test } from "node:test";
import { guestDriverContract } from "../../contracts/guest-driver.ts";
import { guestImage } from "./guest-image.ts";
import { type QemuNode, qemuWorld, testGuest } from "./qemu-world.ts";

const image = guestImage();
const never = new AbortController().signal;

guestDriverContract("QEMU", {
  skip: typeof image === "string" ? image : false,
  make: async () => {
    const world = await qemuWorld(["host1_root"]);
    const side = (node: QemuNode) => ({
      driver: () => node.driver,
      volumes: node.volumes,
      address: "127.0.0.1",
      crash: () => node.crash(),
      freeze: () => node.signal("SIGSTOP"),
      thaw: () => node.signal("SIGCONT"),
      restart: () => node.restart(),
    });
    if (typeof image === "string") throw new Error(image);
    return {
      guest: testGuest(image, ["host1_root"]),
      one: side(world.one),
      two: side(world.two),
      close: () => world.close(),
    };
  },
});

for (const [moment, line, sourceState] of [
  ["before the hand-over", '"pre-switchover"', "running"],
  ["after it", '"completed"', "absent"],
] as const) {
  test(`a source whose daemon is restarted ${moment} finds its guest ${sourceState}`, {
    skip: typeof image === "string" ? image : false,
  }, async () => {
    if (typeof image === "string") return;
    const world = await qemuWorld(["host1_root"]);
    const { one, two } = world;
    try {
      one.volumes.primary.add("host1_root");
      assert.ok((await one.driver.create(testGuest(image, ["host1_root"]), never)).ok);
      const offer = await one.driver.migration.offer("host1");
      assert.ok(offer.ok);
      const terms = { address: "127.0.0.1", id: `restart-${moment.length}`, stop: never };
      const reception = await two.driver.migration.receive(offer.value, terms);
      assert.ok(reception.ok);
      one.onQmpLine = (said) => {
        if (said.includes('"MIGRATION"') && said.includes(line)) one.restart();
      };
      const control = { beforeHandOver: async () => undefined, stop: never, limitMs: 120_000 };
      // The daemon that sent it is gone: nobody hears what it makes of this.
      const forgotten = one.driver.migration.send("host1", reception.value.at, control);
      const before = one.driver;
      while (one.driver === before) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok((await one.driver.migration.settle("host1", 120_000)).ok);
      assert.equal((await one.driver.state("host1", 120_000)).kind, sourceState);
      assert.equal((await forgotten).kind, "unclear");
    } finally {
      await world.close();
    }
  });
}
