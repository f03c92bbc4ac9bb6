import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { UserError } from "../../api/user-error.ts";
import { type ControlMethod, serveControl } from "../../host/control/control-server.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";
import { DiskDesk } from "./disk-desk.ts";

test("another node's disk server is asked as this one's, over the link", async (t) => {
  const asked: unknown[] = [];
  const desk = await served(t, {
    connect: (params) => {
      asked.push(params);
    },
  });
  for (const node of ["xen1", "xen2"]) {
    assert.equal(await desk.asker("r0").ask(node, "connect", { discardMyData: true }), null);
  }
  assert.deepEqual(asked, [{ discardMyData: true }, { discardMyData: true }]);
});

test("what the other refuses comes back with its code and remedy, and says who refused", async (t) => {
  const desk = await served(t, {
    "undo-apply": () => {
      throw new UserError("HF2186", "2 pieces have been written since", { remedy: "--force" });
    },
  });
  await assert.rejects(desk.asker("r0").ask("xen2", "undo-apply", { file: "x" }), {
    code: "HF2186",
    message: "xen2: 2 pieces have been written since",
    remedy: "--force",
  });
});

test("another node may ask no more than a split brain needs", async (t) => {
  let ended = false;
  const desk = await served(t, {
    shutdown: () => {
      ended = true;
    },
  });
  await assert.rejects(desk.asker("r0").ask("xen2", "shutdown", { force: true }), {
    code: "HF2189",
  });
  assert.equal(ended, false);
  const reply = await desk.answer({ agent: "holdfast:disk", verb: "status", params: {} });
  assert.equal(reply.ok, false);
});

test("a node that cannot be reached is named, with what to look at", async () => {
  const desk = new DiskDesk("xen1", {
    request: () => Promise.reject(new Error("there is no link to xen2")),
  });
  await assert.rejects(desk.asker("r0").ask("xen2", "status", {}), {
    code: "HF2189",
    message: "xen2 cannot be asked: there is no link to xen2",
  });
});

test("one thing at a time is done about a resource, also after one has failed", async () => {
  const desk = new DiskDesk("xen1", { request: () => assert.fail("nobody is asked") });
  const first = desk.once("r0", () => Promise.reject(new Error("failed")));
  await assert.rejects(
    desk.once("r0", () => Promise.resolve()),
    { code: "HF2187" },
  );
  assert.equal(await desk.once("r1", () => Promise.resolve("other")), "other");
  await assert.rejects(first, /failed/);
  assert.equal(await desk.once("r0", () => Promise.resolve("again")), "again");
});

/** The desk of xen1, whose link to xen2 leads back to a desk on this host: both ask the same disk server. */
async function served(
  t: TestContext,
  methods: Readonly<Record<string, ControlMethod>>,
): Promise<DiskDesk> {
  const before = process.env["HOLDFAST_RUN_DIR"];
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-desk-"));
  process.env["HOLDFAST_RUN_DIR"] = directory;
  const { controlSocket: socketPath } = diskPaths("r0");
  mkdirSync(path.dirname(socketPath));
  const onBug = (error: unknown): void => {
    throw error;
  };
  const server = await serveControl({ socketPath, methods, onBug });
  t.after(async () => {
    await server.close();
    if (before === undefined) delete process.env["HOLDFAST_RUN_DIR"];
    else process.env["HOLDFAST_RUN_DIR"] = before;
    rmSync(directory, { recursive: true });
  });
  const there = new DiskDesk("xen2", { request: () => assert.fail("it asks nobody further") });
  return new DiskDesk("xen1", { request: (_node, request) => there.answer(request) });
}
