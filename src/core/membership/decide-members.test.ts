import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { errors } from "../../api/errors.ts";
import type { Placed } from "../../formats/config-text/place.ts";
import { hostsNamedIn } from "../../formats/drbd-conf/host-sections.ts";
import { parseDrbdConf } from "../../formats/drbd-conf/parse-drbd-conf.ts";
import { parseHaCf } from "../../formats/ha-cf/parse-ha-cf.ts";
import { decideMembers, type MembersRemark } from "./decide-members.ts";

const seed = path.resolve(import.meta.dirname, "../../../../shared/seed");

test("the node lines of ha.cf are the members, sorted", () => {
  const members = decided("node xen2 xen1\nnode xen3", ["xen1", "xen2"], "xen1");
  assert.deepEqual(members, { nodes: ["xen1", "xen2", "xen3"], source: "ha.cf", self: "xen1" });
});

test("the how-to's slip: the members are drbd.conf's hosts, and the line, the reason and the remedy are said", () => {
  const decision = decide("crm on\nnodes xen-1 xen-2", ["xen1", "xen2"], "xen1");
  assert.ok(decision.ok);
  assert.deepEqual(decision.value.nodes, ["xen1", "xen2"]);
  assert.equal(decision.value.source, "drbd.conf");
  const [remark, ...more] = decision.value.remarks;
  assert.deepEqual(more, []);
  assert.equal(remark?.code, "HF3000");
  assert.equal(remark?.severity, "warning");
  assert.deepEqual([remark?.place.file, remark?.place.line], ["ha.cf", 3]);
  assert.match(
    remark?.message ?? "",
    /`nodes xen-1 xen-2` names no nodes: the directive is `node`/,
  );
  assert.match(
    remark?.message ?? "",
    /no host and no `on` section of drbd.conf is called xen-1 or xen-2/,
  );
  assert.match(remark?.message ?? "", /drbd.conf names and that hold the key: xen1, xen2/);
  assert.equal(remark?.remedy, "Write into ha.cf: node xen1 xen2");
});

test("the right directive with wrong names falls back to drbd.conf, too, and says so", () => {
  const decision = decide("node xen-1 xen-2", ["xen1", "xen2"], "xen2");
  assert.ok(decision.ok);
  assert.deepEqual(decision.value.nodes, ["xen1", "xen2"]);
  assert.match(decision.value.remarks[0]?.message ?? "", /^`node xen-1 xen-2`: no host/);
});

test("without any node line the fallback is said at the file's first line", () => {
  const decision = decide("crm on", ["xen1", "xen2"], "xen2");
  assert.ok(decision.ok);
  assert.equal(decision.value.remarks[0]?.place.line, 1);
  assert.match(
    decision.value.remarks[0]?.message ?? "",
    /there is no `node` line; the members are/,
  );
});

test("a name that looks like a slip for a host of drbd.conf is a member as written, with a warning", () => {
  const decision = decide("node xen1 xen-2", ["xen1", "xen2"], "xen1");
  assert.ok(decision.ok);
  assert.deepEqual(decision.value.nodes, ["xen-2", "xen1"]);
  assert.deepEqual(codes(decision.value.remarks), ["HF3001"]);
  assert.match(decision.value.remarks[0]?.remedy ?? "", /node xen2/);
});

test("a third node that drbd.conf does not know is nothing to remark on", () => {
  const decision = decide("node xen1 xen2 arbiter", ["xen1", "xen2"], "xen1");
  assert.ok(decision.ok);
  assert.deepEqual(decision.value.remarks, []);
});

test("names are compared without regard to case, and the file's spelling holds", () => {
  const members = decided("node Xen1 XEN2", [], "xen1");
  assert.deepEqual(members, { nodes: ["XEN2", "Xen1"], source: "ha.cf", self: "Xen1" });
});

test("a host that is none of the members is refused, and told both ways out", () => {
  const refusal = refused("node xen1 xen2", ["xen1", "xen2"], "xen1.example.org");
  assert.equal(refusal.code, "HF3005");
  assert.match(refusal.message, /called `xen1.example.org` and is none of the members: xen1, xen2/);
  assert.match(refusal.remedy, /hostnamectl set-hostname xen1\)/);
});

test("without node lines and without hosts of drbd.conf nobody is a member", () => {
  const refusal = refused("crm on", [], "xen1");
  assert.equal(refusal.code, "HF3002");
  assert.equal(refusal.remedy, "Write into ha.cf: node xen1 OTHER-HOST");
});

test("a name that no host can have, and more nodes than a cluster has, are refused", () => {
  assert.equal(refused("node xen1 xen/2", [], "xen1").code, "HF3003");
  assert.equal(refused(`node ${"abcdefghi".split("").join(" ")}`, [], "a").code, "HF3004");
});

test("a single node runs, with a notice", () => {
  const decision = decide("node xen1", [], "xen1");
  assert.ok(decision.ok);
  assert.deepEqual(codes(decision.value.remarks), ["HF3006"]);
});

test("every code is in the catalog", () => {
  for (let n = 3000; n <= 3006; n++) assert.ok(Object.hasOwn(errors, `HF${n}`), `HF${n}`);
});

test("the published ha.cf gives the two hosts of its drbd.conf", (t) => {
  if (!existsSync(seed)) return t.skip("the how-to's files are not beside the repository");
  const text = readFileSync(path.join(seed, "ha.cf"), "utf8");
  const haCf = parseHaCf(text, "/etc/heartbeat/ha.cf");
  assert.ok(haCf.ok);
  const drbdText = readFileSync(path.join(seed, "drbd.conf"), "utf8");
  const drbd = parseDrbdConf(drbdText, { file: "/etc/drbd.conf", include: () => [] });
  assert.ok(drbd.ok);
  const drbdHosts = hostsNamedIn(drbd.value.value);
  const decision = decideMembers({ haCf: haCf.value.value, drbdHosts, hostName: "xen2" });
  assert.ok(decision.ok);
  assert.deepEqual(decision.value.nodes, ["xen1", "xen2"]);
  assert.deepEqual(codes(decision.value.remarks), ["HF3000"]);
  assert.equal(decision.value.remarks[0]?.place.line, 6);
});

function decide(
  haCf: string,
  drbdHosts: readonly string[],
  hostName: string,
): ReturnType<typeof decideMembers> {
  const parsed = parseHaCf(`bcast eth0\n${haCf}`, "ha.cf");
  assert.ok(parsed.ok);
  return decideMembers({ haCf: parsed.value.value, drbdHosts: placed(drbdHosts), hostName });
}

function decided(haCf: string, drbdHosts: readonly string[], hostName: string): object {
  const decision = decide(haCf, drbdHosts, hostName);
  assert.ok(decision.ok);
  const { nodes, source, self } = decision.value;
  return { nodes, source, self };
}

function refused(haCf: string, drbdHosts: readonly string[], hostName: string): MembersRemark {
  const decision = decide(haCf, drbdHosts, hostName);
  assert.ok(!decision.ok);
  const last = decision.error.at(-1);
  assert.equal(last?.severity, "error");
  return last as MembersRemark;
}

function placed(names: readonly string[]): readonly Placed<string>[] {
  return names.map((value, i) => ({ value, place: { file: "drbd.conf", line: i + 1, column: 1 } }));
}

function codes(remarks: readonly MembersRemark[]): readonly string[] {
  return remarks.map((remark) => remark.code);
}
