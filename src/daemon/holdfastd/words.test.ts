/** The daemon's words: its log, its ring of notices, and the marks of a timeline. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { daemonLog } from "./daemon-log.ts";
import { NoticeRing } from "./notice-ring.ts";
import { fencingMark } from "./timeline-notices.ts";

test("a line of the log has its time and its fields, and stays one line", () => {
  const lines: string[] = [];
  const log = daemonLog({ toJournal: false, write: (line) => lines.push(line) });
  log("warn", "one\ntwo", { peer: "xen2", why: "two words" });
  assert.match(
    lines[0] ?? "",
    /^\d{4}-\d\d-\d\dT[\d:.]+Z WARN one \| two peer=xen2 why="two words"\n$/,
  );
});

test("the journal gets the priority, and keeps the time itself", () => {
  const lines: string[] = [];
  const log = daemonLog({ toJournal: true, write: (line) => lines.push(line) });
  log("error", "broken");
  assert.deepEqual(lines, ["<3>broken\n"]);
});

test("the ring keeps the last notices, and tells those who watch until they end it", () => {
  const ring = new NoticeRing("xen1");
  const seen: number[] = [];
  const end = ring.watch(({ number }) => seen.push(number));
  for (let i = 1; i <= 2100; i++) ring.add({ level: "info", code: "x", message: "", fields: {} });
  end();
  ring.add({ level: "info", code: "x", message: "", fields: {} });
  assert.equal(seen.length, 2100);
  assert.equal(ring.last(5000).length, 2000);
  assert.deepEqual(
    ring.last(2).map(({ number }) => number),
    [2100, 2101],
  );
});

test("a timeline tells fenced from not fenced, and why", () => {
  const mark = (code: string, fields: Record<string, string>) =>
    fencingMark({ kind: "notice", level: "warn", code, message: "A sentence.", fields });
  assert.deepEqual(mark("HF6103", { target: "xen2" })?.fields, { node: "xen2" });
  assert.equal(mark("HF6103", { target: "xen2" })?.code, "fenced");
  assert.deepEqual(mark("HF6100", { node: "xen2" })?.fields, {
    node: "xen2",
    reason: "fencing is off: silence counts as death",
  });
  assert.equal(mark("HF6104", { target: "xen2" })?.fields["reason"], "A sentence");
  assert.equal(mark("HF6101", { node: "xen2" }), undefined);
});
