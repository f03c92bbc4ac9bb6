import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Conn, connName } from "../../../formats/drbd/drbd-state.ts";
import {
  type OrderedVolume,
  ResyncOrder,
  type ResyncOrderEffect,
  type ResyncOrderEvent,
  type WatchedVolume,
} from "./resync-order.ts";

const idle = { user: false, peer: false, dependency: false };

/** Volume 0 is to sync after volume 1 of `first`, volume 1 whenever it likes. */
class Ordered {
  readonly machine = new ResyncOrder();
  waits = false;

  volumes(): readonly OrderedVolume[] {
    return [
      { volume: 0, after: { resource: "first", volume: 1 }, waits: this.waits },
      { volume: 1, after: undefined, waits: false },
    ];
  }

  hears(event: ResyncOrderEvent): readonly ResyncOrderEffect[] {
    const effects = this.machine.handle(event, this.volumes());
    for (const effect of effects) if (effect.kind === "order") this.waits = effect.waits;
    return effects;
  }
}

function status(connectionState: string, resyncSuspended = idle): ResyncOrderEvent {
  const volumes: readonly WatchedVolume[] = [
    { volume: 0, connectionState: "SyncTarget", resyncSuspended: idle },
    { volume: 1, connectionState, resyncSuspended },
  ];
  return { kind: "status", resource: "first", volumes };
}

test("the one before is watched once, and again when it is gone", () => {
  const ordered = new Ordered();
  const watch = [{ kind: "watch", resource: "first" }];
  assert.deepEqual(ordered.hears({ kind: "look" }), watch);
  assert.deepEqual(ordered.hears({ kind: "look" }), []);
  ordered.hears({ kind: "gone", resource: "first" });
  assert.deepEqual(ordered.hears({ kind: "look" }), watch);
});

test("a volume waits while the one before it syncs, or is told to wait, and no longer", () => {
  const axes = {
    conn: Object.values(Conn),
    user: yesAndNo,
    peer: yesAndNo,
    dependency: yesAndNo,
  } as const;
  const ordered = new Ordered();
  ordered.hears({ kind: "look" });
  for (const { conn, ...suspended } of combinations(axes)) {
    const before = ordered.waits;
    const effects = ordered.hears(status(connName(conn), suspended));
    const told = suspended.user || suspended.peer || suspended.dependency;
    const expected = (conn >= 16 && conn <= 21 && conn !== 18 && conn !== 19) || told;
    assert.equal(ordered.waits, expected, `${connName(conn)} ${JSON.stringify(suspended)}`);
    assert.equal(effects.length, before === expected ? 0 : 1, "told only what is new");
  }
});

test("a disk server that ends in the middle is not waited for", () => {
  const ordered = new Ordered();
  ordered.hears({ kind: "look" });
  ordered.hears(status("SyncSource"));
  const effects = ordered.hears({ kind: "gone", resource: "first" });
  assert.deepEqual(effects, [{ kind: "order", volume: 0, waits: false }]);
});

test("a status that comes after the end of its server is not one of anybody", () => {
  const ordered = new Ordered();
  ordered.hears({ kind: "look" });
  ordered.hears({ kind: "gone", resource: "first" });
  assert.deepEqual(ordered.hears(status("SyncSource")), []);
});

test("a machine that has forgotten that it waits is told again", () => {
  const ordered = new Ordered();
  ordered.hears({ kind: "look" });
  ordered.hears(status("SyncSource"));
  ordered.waits = false;
  assert.deepEqual(ordered.hears(status("SyncSource")), [
    { kind: "order", volume: 0, waits: true },
  ]);
});
