import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import net from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { missingProgram, runProgram } from "../../disk/programs.ts";
import { bringUp, isInSync, type PairNode, withPair } from "../../disk/server-pair.ts";

const skip = missingProgram("qemu-io", "nbdcopy", "fio");

test("what is written on one node is on the other, also after a change of roles", {
  skip,
}, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const { one, two } = pair;
    await io(one, "write -P 1 0 1M", "write -P 2 5M 64k", "write -z 512k 256k", "flush");
    await one.ask("secondary");
    await two.ask("primary");
    await io(two, "read -P 1 0 512k", "read -P 0 512k 256k", "read -P 2 5M 64k");
    await io(two, "write -f -P 3 7M 4k");
    await assertSameData(pair);
  });
});

test("the first sync of volumes that were never written copies nothing", { skip }, async () => {
  await withPair(
    async (pair) => {
      await bringUp(pair);
      const [volume] = (await pair.two.status()).volumes;
      assert.equal(volume?.counters.outOfSyncKib, 0);
      assert.ok(statSync(pair.two.file).blocks * 512 < 4 * 1024 * 1024);
    },
    { sizeBytes: 4 * 1024 * 1024 * 1024 },
  );
});

test("a node that was away gets what was written meanwhile, and only that", { skip }, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const { one, two } = pair;
    await io(one, "write -P 1 0 8M");
    await two.kill();
    await one.until((status) => status.connection.state !== "Connected");
    await io(one, "write -P 2 1M 256k", "flush");
    const [before] = (await one.status()).volumes;
    assert.equal(before?.counters.outOfSyncKib, 256);
    await two.up();
    await one.until(isInSync);
    assert.match(one.log(), /will sync 256 KB/);
    await assertSameData(pair);
  });
});

test("a disk server that is killed is a pause for QEMU, not an error", { skip }, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const { one, two } = pair;
    const guest = new QemuIo(one);
    await guest.command("write -P 1 0 1M");
    await one.kill();
    const pending = guest.command("write -P 2 1M 1M");
    await one.up();
    await one.ask("primary");
    assert.match(await pending, /wrote 1048576\/1048576 bytes/);
    assert.match(await guest.command("read -P 1 0 1M"), /read 1048576\/1048576 bytes/);
    assert.match(await guest.command("read -P 2 1M 1M"), /read 1048576\/1048576 bytes/);
    await guest.end();
    await two.until(isInSync);
    await assertSameData(pair);
  });
});

test("servers that are killed again and again under load lose nothing", { skip }, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const { one, two } = pair;
    const guest = new QemuIo(one);
    // Each round writes its own part, so that the end tells every round's fate.
    for (let round = 0; round < 6; round++) {
      const victim = round % 2 === 0 ? one : two;
      const writes = Array.from({ length: 8 }, (_, i) =>
        guest.command(`write -P ${10 + round} ${round * 8 + i}M 1M`),
      );
      await writes[1];
      await victim.kill();
      await victim.up();
      if (victim === one) await one.ask("primary");
      for (const written of await Promise.all(writes)) assert.match(written, /wrote 1048576/);
    }
    for (let round = 0; round < 6; round++)
      assert.doesNotMatch(await guest.command(`read -P ${10 + round} ${round * 8}M 8M`), /fail/i);
    await guest.end();
    await one.until(isInSync);
    await assertSameData(pair);
  });
});

test("fio's own verification agrees, at depth 32 with flushes", { skip }, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const ran = await runProgram("fio", [
      ...["--name=v", "--ioengine=nbd", `--uri=${pair.one.uri()}`, "--rw=randwrite"],
      ...["--bsrange=512-64k", "--bs_unaligned=0", "--blockalign=512", "--iodepth=32"],
      ...[
        "--size=48M",
        "--fsync=64",
        "--verify=crc32c",
        "--verify_fatal=1",
        "--verify_state_save=0",
      ],
    ]);
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    await assertSameData(pair);
  });
});

test("a foreign or broken peer costs a connection, not the server", { skip }, async () => {
  await withPair(async (pair) => {
    await pair.one.up();
    const { local } = (await pair.one.status()).connection;
    const address = Number(local.split(":").at(-1));
    for (const bytes of [
      Buffer.alloc(64, 255),
      Buffer.from("GET / HTTP/1.0\r\n\r\n"),
      Buffer.alloc(3),
    ]) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(address, "127.0.0.1", () => socket.end(bytes));
        socket.on("close", () => resolve());
        socket.on("error", () => resolve());
        socket.resume();
      });
    }
    await pair.two.up();
    await pair.one.until((status) => status.connection.state === "Connected");
  });
});

/** qemu-io that waits for a disk server that is away. It takes one command at a time. */
class QemuIo {
  readonly #child: ReturnType<typeof spawn>;
  #answered: (text: string) => void = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(node: PairNode) {
    const image = {
      driver: "nbd",
      server: { type: "unix", path: node.nbdSocket() },
      export: "0",
      "reconnect-delay": 60,
    };
    this.#child = spawn("qemu-io", [`json:${JSON.stringify(image)}`], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    // What a command answers ends with a line about its speed, or is one line about its failure.
    let answer = "";
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      answer += line.replaceAll("qemu-io> ", "");
      if (!/ops\/sec|failed|error/i.test(line)) return;
      this.#answered(answer);
      answer = "";
    });
  }

  command(text: string): Promise<string> {
    const answer = this.#last.then(
      () =>
        new Promise<string>((resolve) => {
          this.#answered = resolve;
          this.#child.stdin?.write(`${text}\n`);
        }),
    );
    this.#last = answer;
    return answer;
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.stdin?.end("quit\n");
    });
  }
}

async function io(node: PairNode, ...commands: readonly string[]): Promise<void> {
  const words = commands.flatMap((command) => ["-c", command]);
  const ran = await runProgram("qemu-io", ["-f", "raw", ...words, node.uri()]);
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  assert.doesNotMatch(ran.stdout, /fail|error/i);
}

/** Compares the data areas of both files, the metadata left out. */
async function assertSameData({ one, two }: { one: PairNode; two: PairNode }): Promise<void> {
  const [volume] = (await one.status()).volumes;
  const bytes = (volume?.sizeKib ?? 0) * 1024;
  assert.ok(bytes > 0);
  const data = (node: PairNode): Buffer => readFileSync(node.file).subarray(0, bytes);
  assert.ok(data(one).equals(data(two)), "both copies are equal");
}
