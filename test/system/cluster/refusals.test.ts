/** What holdfastd refuses at its start, with a code, a place and what to do; nothing is changed by it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runOnHost, writeOnHost } from "../../../lab/lab.ts";
import { noLab, testLab } from "../lab/test-lab.ts";
import { authKeys, haCf } from "./cluster-files.ts";
import { untilPrints } from "./cluster-lab.ts";

const lab = testLab();
const skip = noLab;

test("a key file that others can read is refused", { skip }, async () => {
  for (const host of ["xen1", "xen2"]) {
    put(host, "/etc/ha.d/ha.cf", haCf, 0o644);
    put(host, "/etc/ha.d/authkeys", authKeys("the-first-key-of-this-test"), 0o600);
  }
  await lab.sh("xen1", "chmod 644 /etc/ha.d/authkeys");
  const { code, stderr } = await start("xen1");
  assert.equal(code, 78);
  assert.match(stderr, /\/etc\/ha\.d\/authkeys:1:1: error: .*mode 644.*\[HF1035\]/);
  assert.match(stderr, /chmod 600 \/etc\/ha\.d\/authkeys/);
  assert.equal(await lab.exitOf("xen1", "test -e /var/lib/holdfast/node-uuid"), 1);
  await lab.sh("xen1", "chmod 600 /etc/ha.d/authkeys");
});

test("a line of ha.cf that makes no sense is refused with its place", { skip }, async () => {
  put("xen1", "/etc/ha.d/ha.cf", `${haCf}deadtime soon\n`, 0o644);
  const { code, stderr } = await start("xen1");
  assert.equal(code, 78);
  assert.match(stderr, /\/etc\/ha\.d\/ha\.cf:4:10: error: .*\[HF1014\]/);
  put("xen1", "/etc/ha.d/ha.cf", haCf, 0o644);
});

test("a host that is no member is refused", { skip }, async () => {
  put("xen1", "/etc/ha.d/ha.cf", haCf.replace("xen1 xen2", "alpha beta"), 0o644);
  const { code, stderr } = await start("xen1");
  assert.equal(code, 78);
  assert.match(stderr, /this host is called `xen1` and is none of the members: alpha, beta/);
  put("xen1", "/etc/ha.d/ha.cf", haCf, 0o644);
});

test("a port that is in use is refused", { skip }, async () => {
  const taken = lab.start(
    "xen1",
    "busybox nc -ll -p 694 -e true & echo $! >/run/nc.pid; echo listens; wait",
  );
  await taken.says("listens");
  await untilPrints(lab, "xen1", "ss -tln", /:694\b/);
  const { code, stderr } = await start("xen1");
  assert.equal(code, 1);
  assert.match(stderr, /TCP port 694 is in use on this host \[HF3043\]/);
  await lab.sh(
    "xen1",
    "pid=$(cat /run/nc.pid); kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.05; done",
  );
});

test("a second daemon is refused, and the first goes on", { skip }, async () => {
  await lab.sh("xen1", "holdfastd --detach");
  const { code, stderr } = await start("xen1");
  assert.equal(code, 100);
  assert.match(stderr, /holdfastd runs on this host already: process \d+ \[HF4640\]/);
  await lab.sh("xen1", "crm_mon -1");
});

test("a node with another key is no member, and both sides say so", { skip }, async () => {
  put("xen2", "/etc/ha.d/authkeys", authKeys("another-key-than-the-others"), 0o600);
  await lab.sh("xen2", "holdfastd --detach");
  for (const host of ["xen1", "xen2"]) {
    await untilPrints(lab, host, "holdfast timeline --json", /"code":"HF3012"/);
    assert.doesNotMatch(await lab.sh(host, "crm_mon -1"), /Online: \[ xen1 xen2 \]/);
  }
});

test("with the right key it is a member at once", { skip }, async () => {
  put("xen2", "/etc/ha.d/authkeys", authKeys("the-first-key-of-this-test"), 0o600);
  await lab.sh("xen2", "kill $(cat /run/holdfast/holdfastd.lock)");
  await untilPrints(lab, "xen2", "holdfastd --detach && echo serves", /serves/);
  await untilPrints(lab, "xen1", "crm_mon -1", /Online: \[ xen1 xen2 \]/);
});

test("a failure of what does not run there is refused, and the daemon goes on", {
  skip,
}, async () => {
  const role = '<nvpair id="web-role" name="target-role" value="Stopped"/>';
  const meta = `<meta_attributes id="web-meta">${role}</meta_attributes>`;
  const web = `<primitive id="web" class="ocf" provider="heartbeat" type="Dummy">${meta}</primitive>`;
  await lab.sh("xen1", `cibadmin --create --scope resources --xml-text '${web}'`);
  const said = await lab.exitOf("xen1", "crm_resource --fail --resource web --node xen2");
  assert.equal(said, 113);
  await lab.sh("xen1", "crm_mon -1");
});

function put(host: string, path: string, text: string, mode: number): void {
  writeOnHost(lab.name, host, { path, text, mode });
}

async function start(host: string) {
  return await runOnHost(lab.name, host, ["holdfastd"]);
}
