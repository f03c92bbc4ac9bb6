import assert from "node:assert/strict";
import { test } from "node:test";
import { virtualClock } from "../../../test/doubles/virtual-clock.ts";
import type { Files } from "../../ports/files.ts";
import { awaitTaken } from "./untaken-memory.ts";

const at = { address: "10.0.0.2", port: "49152" };
const never = new AbortController().signal;

/** Linux' table at each look, the last one for good. */
function looks(...bytes: readonly number[]): Pick<Files, "read"> & { count: number } {
  const files = {
    count: 0,
    read: async (path: string): Promise<string | undefined> => {
      assert.equal(path, "/proc/77/net/tcp");
      const now = bytes[Math.min(files.count++, bytes.length - 1)] as number;
      const hex = now.toString(16).toUpperCase().padStart(8, "0");
      return `   0: 0100000A:D2D6 0200000A:C000 01 ${hex}:00000000 01:00000014 00000000`;
    },
  };
  return files;
}

async function wait(files: Pick<Files, "read">, stop: AbortSignal = never) {
  const clock = virtualClock();
  const said = await awaitTaken({ clock, files: files as Files }, 77, at, stop);
  return { said, tookMs: clock.now() };
}

test("what the target has taken is waited for, however slowly it does", async () => {
  assert.deepEqual(await wait(looks(0)), { said: undefined, tookMs: 0 });
  const slow = Array.from({ length: 40 }, (_, step) => (40 - step) * 1000);
  // Each step comes just before the limit of a stall.
  const steps = slow.flatMap((bytes) => new Array<number>(900).fill(bytes));
  const { said, tookMs } = await wait(looks(...steps, 0));
  assert.equal(said, undefined);
  assert.ok(tookMs > 120_000);
});

test("a target that takes nothing any more is given up, with what was left", async () => {
  assert.deepEqual(await wait(looks(5000, 4000, 3000)), {
    said: "10.0.0.2 does not take the last of the memory (3000 bytes for 5 s)",
    tookMs: 5000,
  });
});

test("a stop ends the waiting, and a connection that is not there is none", async () => {
  const stopped = new AbortController();
  const files = looks(5000);
  const read = files.read;
  files.read = (path) => {
    if (files.count === 10) stopped.abort();
    return read(path);
  };
  assert.equal((await wait(files, stopped.signal)).said, undefined);
  assert.equal(files.count, 11);
  const gone: Pick<Files, "read"> = { read: async () => undefined };
  assert.equal((await wait(gone)).said, undefined);
});
