import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { missingProgram, runProgram } from "../../disk/programs.ts";
import { bringUp, isInSync, type PairNode, withPair } from "../../disk/server-pair.ts";

const skip = missingProgram("qemu-io");

test("before-resync-target has a say, in a moment at which its copy stands still", {
  skip,
}, async (t) => {
  const told = handlers(t, ["before-resync-target", "after-resync-target"]);
  await withPair(
    async (pair) => {
      const { one, two } = pair;
      await bringUp(pair);
      // The first sync has asked, too.
      await told.called("after-resync-target", 1);
      await io(one, "write -P 1 0 1M", "flush");
      await two.kill();
      await one.until((status) => status.connection.state !== "Connected");
      await io(one, "write -P 2 0 64k", "flush");

      told.answer("before-resync-target", 1);
      await two.up();
      await two.until((status) => status.connection.state === "StandAlone");
      assert.match(two.log(), /before-resync-target handler returned 1, dropping connection\./);
      assert.equal(byteAt(two, 0), 1, "nothing was overwritten");

      told.hold("before-resync-target");
      await two.ask("connect");
      await told.called("before-resync-target", 3);
      const writing = io(one, "write -P 3 512k 64k", "flush");
      while (((await one.status()).volumes[0]?.counters.applicationPending ?? 0) === 0)
        await sleep(20);
      assert.deepEqual([byteAt(two, 0), byteAt(two, 512 * 1024)], [1, 1]);
      told.answer("before-resync-target", 0);
      await writing;
      await two.until(isInSync);
      assert.deepEqual([byteAt(two, 0), byteAt(two, 512 * 1024)], [2, 3]);
      await told.called("after-resync-target", 2);
      assert.deepEqual(told.environment("before-resync-target"), {
        DRBD_RESOURCE: "r0",
        DRBD_CONF: "/drbd.conf",
        DRBD_PEER: "one",
        DRBD_PEERS: "one",
        DRBD_PEER_AF: "ipv4",
        DRBD_PEER_ADDRESS: "127.0.0.1",
        DRBD_MINOR: "0",
        DRBD_VOLUME: "0",
        DRBD_LL_DISK: two.file,
      });
      assert.match(
        two.log(),
        /helper command: \/sbin\/drbdadm before-resync-target minor-0 exit code 1 \(0x1\)/,
      );
    },
    { more: told.config },
  );
});

test("I/O is frozen until fence-peer has answered what counts, or the peer is back", {
  skip,
}, async (t) => {
  const told = handlers(t, ["fence-peer", "unfence-peer"]);
  await withPair(
    async (pair) => {
      const { one, two } = pair;
      await bringUp(pair);
      told.answer("fence-peer", 1);
      await two.kill();
      await told.called("fence-peer", 1);
      await one.until((status) => status.suspended.fencing);
      const frozen = io(one, "write -P 1 0 4k", "flush");
      await two.up();
      await one.until((status) => !status.suspended.fencing);
      await frozen;
      await one.until(isInSync);
      assert.match(one.log(), /fence-peer helper broken, returned 1; I\/O stays frozen/);

      told.answer("fence-peer", 4);
      await two.kill();
      const fenced = await one.until(
        ({ suspended, volumes }) => !suspended.fencing && volumes[0]?.peerDisk === "Outdated",
      );
      assert.equal(fenced.role, "Primary");
      assert.match(one.log(), /fence-peer helper returned 4 \(peer was fenced\)/);
      await io(one, "write -P 2 0 4k", "flush");
      await two.up();
      await one.until(isInSync);
      await told.called("unfence-peer", 1);
      assert.equal(told.environment("fence-peer")["DRBD_PEER"], "two");
      assert.equal(told.environment("fence-peer")["DRBD_VOLUME"], undefined);
    },
    { more: `disk { fencing resource-and-stonith; }\n${told.config}` },
  );
});

test("a split brain calls its handlers on both nodes, and what they return decides nothing", {
  skip,
}, async (t) => {
  const names = ["initial-split-brain", "split-brain"];
  const told = handlers(t, names);
  await withPair(
    async (pair) => {
      const { one, two } = pair;
      await bringUp(pair);
      for (const name of names) told.answer(name, 1);
      await two.ask("disconnect", { force: true });
      await one.until((status) => status.connection.state !== "Connected");
      await io(one, "write -P 1 0 4k", "flush");
      await two.ask("primary", { force: true });
      await io(two, "write -P 2 0 4k", "flush");
      await two.ask("secondary");
      await two.ask("connect");
      for (const node of [one, two]) {
        await node.until((status) => status.connection.state === "StandAlone");
      }
      for (const name of names) await told.called(name, 2);
    },
    { more: told.config },
  );
});

type Told = {
  /** The handlers section. */
  readonly config: string;
  answer(name: string, exitCode: number): void;
  /** It does not end before the next answer. */
  hold(name: string): void;
  /** Until it has been called so often. */
  called(name: string, times: number): Promise<void>;
  /** DRBD's variables at its last call. */
  environment(name: string): Readonly<Record<string, string>>;
};

/** Handlers that note how they are called, and answer what the test says. */
function handlers(t: TestContext, names: readonly string[]): Told {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-handlers-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = (name: string, what: string): string => path.join(directory, `${name}.${what}`);
  const script = path.join(directory, "handler");
  writeFileSync(
    script,
    `#!/bin/sh
cd ${directory}
env | grep ^DRBD_ > $1.env
echo $DRBD_PEER >> $1.calls
while [ ! -s $1.answer ]; do sleep 0.05; done
exit $(cat $1.answer)
`,
    { mode: 0o755 },
  );
  const answer = (name: string, exitCode: number): void =>
    writeFileSync(file(name, "answer"), `${exitCode}\n`);
  for (const name of names) {
    answer(name, 0);
    writeFileSync(file(name, "calls"), "");
  }
  const lines = names.map((name) => `${name} "${script} ${name}";`);
  return {
    config: `handlers { ${lines.join(" ")} }`,
    answer,
    hold: (name) => writeFileSync(file(name, "answer"), ""),
    called: async (name, times) => {
      while (readFileSync(file(name, "calls"), "utf8").split("\n").length - 1 < times)
        await sleep(20);
    },
    environment: (name) =>
      Object.fromEntries(
        readFileSync(file(name, "env"), "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      ),
  };
}

/** Of the volume, as the disk has it. */
function byteAt(node: PairNode, offset: number): number {
  return readFileSync(node.file)[offset] ?? -1;
}

async function io(node: PairNode, ...commands: readonly string[]): Promise<void> {
  const words = commands.flatMap((command) => ["-c", command]);
  const ran = await runProgram("qemu-io", ["-f", "raw", ...words, node.uri()]);
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
}
