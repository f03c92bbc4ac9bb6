/** What every GuestDriver keeps (src/agents/guest/guest-driver.ts), shown on two hosts with common volumes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Guest } from "../../src/agents/guest/guest.ts";
import type { GuestDriver, Reception, SendControl } from "../../src/agents/guest/guest-driver.ts";
import type { NodeVolumes } from "../doubles/shared-volumes.ts";

export type GuestDriverSide = {
  readonly driver: () => GuestDriver;
  readonly volumes: NodeVolumes;
  /** Where the other side reaches this one. */
  readonly address: string;
  /** Ends the guest's process by force. */
  crash(guest: string): Promise<void>;
  /** The process neither answers nor executes, and is there. */
  freeze(guest: string): void;
  thaw(guest: string): void;
  /** The daemon is restarted: a new driver finds what the old one left. */
  restart(): void;
};

export type GuestDriverWorld = {
  /** With one DRBD resource, "host1_root". */
  readonly guest: Guest;
  readonly one: GuestDriverSide;
  readonly two: GuestDriverSide;
  close(): Promise<void>;
};

/** Generous: guests run under emulation, on a busy machine. */
const limitMs = 120_000;
const never = new AbortController().signal;
const resource = "host1_root";

export function guestDriverContract(
  name: string,
  options: { readonly skip: string | false; readonly make: () => Promise<GuestDriverWorld> },
): void {
  let world: GuestDriverWorld;
  before(async () => {
    if (options.skip === false) world = await options.make();
  });
  after(async () => {
    if (options.skip === false) await world.close();
  });
  const check = (behaviour: string, body: (world: GuestDriverWorld) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, { skip: options.skip }, async () => {
      try {
        await body(world);
      } finally {
        await clean(world);
      }
    });
  };

  check(
    "a guest is absent, runs, and is absent again when it was destroyed",
    async ({ guest, one }) => {
      assert.equal(await state(one, guest), "absent");
      assert.equal(one.driver().isGone(guest.name), true);
      await create(one, guest);
      assert.equal(await state(one, guest), "running");
      assert.equal(one.driver().isGone(guest.name), false);
      assert.deepEqual(await one.driver().known(guest.name), guest);
      await destroy(one, guest);
      assert.equal(await state(one, guest), "absent");
      assert.equal(one.driver().isGone(guest.name), true);
      assert.equal(await one.driver().known(guest.name), undefined);
      await destroy(one, guest);
    },
  );

  check("a guest that is here is not created again", async ({ guest, one }) => {
    await create(one, guest);
    assert.equal((await one.driver().create(guest, never)).ok, false);
    assert.equal(await state(one, guest), "running");
  });

  check(
    "a start that was stopped, or whose disk can't be opened, leaves nothing",
    async ({ guest, one }) => {
      const stopped = new AbortController();
      stopped.abort();
      one.volumes.primary.add(resource);
      assert.equal((await one.driver().create(guest, stopped.signal)).ok, false);
      one.volumes.primary.delete(resource);
      assert.equal((await one.driver().create(guest, never)).ok, false);
      assert.equal(one.driver().isGone(guest.name), true);
      assert.equal(one.volumes.openCount(resource), 0);
      assert.equal(await one.driver().known(guest.name), undefined);
    },
  );

  check(
    "a guest whose process ended is absent, also for a driver that was restarted",
    async ({ guest, one }) => {
      await create(one, guest);
      one.restart();
      assert.equal(await state(one, guest), "running");
      await one.crash(guest.name);
      assert.equal(await state(one, guest), "absent");
    },
  );

  check(
    "a frozen guest is not answering, never absent, and can be destroyed",
    async ({ guest, one }) => {
      await create(one, guest);
      one.freeze(guest.name);
      assert.equal(await state(one, guest, 500), "unanswering");
      assert.equal(one.driver().isGone(guest.name), false);
      await destroy(one, guest);
      assert.equal(await state(one, guest), "absent");
    },
  );

  check("a memory is sent, and executes on the target only after its release", async (w) => {
    const { guest, one, two } = w;
    await create(one, guest);
    const reception = await receive(w);
    assert.deepEqual([await state(one, guest), await state(two, guest)], ["running", "arriving"]);
    assert.equal(two.volumes.primary.size, 0);
    const states: string[] = [];
    const sent = await send(w, reception, {
      beforeHandOver: async () => {
        states.push(await state(two, guest));
        return undefined;
      },
    });
    assert.deepEqual(sent, { kind: "departed" });
    assert.deepEqual(states, ["arriving"]);
    assert.equal(await reception.arrived, true);
    assert.deepEqual([await state(one, guest), await state(two, guest)], ["absent", "arriving"]);
    assert.equal(one.volumes.openCount(resource), 0);
    one.volumes.primary.delete(resource);
    two.volumes.primary.add(resource);
    assert.deepEqual(await two.driver().migration.release(guest.name), {
      ok: true,
      value: undefined,
    });
    assert.equal(await state(two, guest), "running");
    assert.equal((await two.driver().migration.release(guest.name)).ok, false);
    assert.equal(await state(two, guest), "running");
  });

  check("an objection before the hand-over lets the guest go on where it was", async (w) => {
    const { guest, one, two } = w;
    await create(one, guest);
    const sent = await send(w, await receive(w), { beforeHandOver: async () => "not now" });
    assert.deepEqual(sent, { kind: "stayed", why: "not now" });
    assert.equal(await state(one, guest), "running");
    assert.equal((await two.driver().migration.release(guest.name)).ok, false);
  });

  check(
    "a target that dies in the hand-over leaves the guest where it was, and it can be sent again",
    async (w) => {
      const { guest, one, two } = w;
      await create(one, guest);
      const reception = await receive(w);
      const sent = await send(w, reception, {
        beforeHandOver: async () => {
          await two.crash(guest.name);
          return undefined;
        },
      });
      assert.equal(sent.kind, "stayed");
      assert.equal(await reception.arrived, false);
      assert.equal(await state(one, guest), "running");
      await destroy(two, guest);
      assert.deepEqual(await send(w, await receive(w), {}), { kind: "departed" });
    },
  );

  check("nobody there: the guest goes on where it was", async (w) => {
    const { guest, one, two } = w;
    await create(one, guest);
    const reception = await receive(w);
    await destroy(two, guest);
    assert.equal((await send(w, reception, {})).kind, "stayed");
    assert.equal(await state(one, guest), "running");
  });

  check("a migration that is stopped lets the guest go on where it was", async (w) => {
    const { guest, one } = w;
    await create(one, guest);
    const stop = new AbortController();
    stop.abort();
    assert.equal((await send(w, await receive(w), { stop: stop.signal })).kind, "stayed");
    assert.equal(await state(one, guest), "running");
  });

  check("what arrives and is attended by nobody any more is destroyed", async (w) => {
    const { guest, one, two } = w;
    await create(one, guest);
    await receive(w);
    two.restart();
    assert.ok((await two.driver().migration.settle(guest.name, limitMs)).ok);
    assert.equal(await state(two, guest), "absent");
    assert.ok((await one.driver().migration.settle(guest.name, limitMs)).ok);
    assert.equal(await state(one, guest), "running");
  });

  check("what was released stays, though the driver was restarted", async (w) => {
    const { guest, one, two } = w;
    await create(one, guest);
    assert.equal((await send(w, await receive(w), {})).kind, "departed");
    one.volumes.primary.delete(resource);
    two.volumes.primary.add(resource);
    assert.ok((await two.driver().migration.release(guest.name)).ok);
    two.restart();
    assert.ok((await two.driver().migration.settle(guest.name, limitMs)).ok);
    assert.equal(await state(two, guest), "running");
  });

  check("nothing that is not here is released, offered or shut down", async ({ guest, one }) => {
    assert.equal((await one.driver().migration.release(guest.name)).ok, false);
    assert.equal((await one.driver().migration.offer(guest.name)).ok, false);
    assert.equal((await one.driver().askShutdown(guest.name)).ok, false);
    assert.ok((await one.driver().migration.settle(guest.name, limitMs)).ok);
  });
}

async function state(side: GuestDriverSide, guest: Guest, answerMs = limitMs): Promise<string> {
  return (await side.driver().state(guest.name, answerMs)).kind;
}

async function create(side: GuestDriverSide, guest: Guest): Promise<void> {
  side.volumes.primary.add(resource);
  assert.deepEqual(await side.driver().create(guest, never), { ok: true, value: undefined });
}

async function destroy(side: GuestDriverSide, guest: Guest): Promise<void> {
  const destroyed = await side.driver().destroy(guest.name, { limitMs });
  assert.deepEqual(destroyed, { ok: true, value: undefined });
}

let migrations = 0;

async function receive({ guest, one, two }: GuestDriverWorld): Promise<Reception> {
  const offer = await one.driver().migration.offer(guest.name);
  assert.ok(offer.ok, JSON.stringify(offer));
  const terms = { address: two.address, id: `contract-${++migrations}`, stop: never };
  const reception = await two.driver().migration.receive(offer.value, terms);
  assert.ok(reception.ok, JSON.stringify(reception));
  return reception.value;
}

async function send(
  { guest, one }: GuestDriverWorld,
  reception: Reception,
  control: Partial<SendControl>,
): ReturnType<GuestDriver["migration"]["send"]> {
  return await one.driver().migration.send(guest.name, reception.at, {
    beforeHandOver: async () => undefined,
    stop: never,
    limitMs,
    ...control,
  });
}

async function clean({ guest, one, two }: GuestDriverWorld): Promise<void> {
  for (const side of [one, two]) {
    side.thaw(guest.name);
    await side.driver().destroy(guest.name, { limitMs });
    side.volumes.primary.clear();
  }
}
