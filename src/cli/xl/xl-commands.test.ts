import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { howtoSnapshot } from "../../../test/cluster/howto-snapshot.ts";
import { type ServedCluster, servedCluster } from "../../../test/cluster/served-cluster.ts";
import type { GuestRow } from "../../api/cluster-guest.ts";
import { UserError } from "../../api/user-error.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { xl, xm } from "./dialect.ts";
import { xlCommands } from "./xl-commands.ts";

const host1: GuestRow = {
  name: "host1",
  id: 4711,
  state: "running",
  memoryMib: 1024,
  vcpus: 1,
  cpuSeconds: 12.34,
  resource: "host1",
};

test("list has xl's columns, the host first", async (t) => {
  const { run } = await served(t);
  const { exit, out } = await run(xlCommands(xl), "list");
  const [head, host, guest, ...more] = out.split("\n");
  assert.equal(exit, 0);
  assert.equal(head, "Name                                        ID   Mem VCPUs\tState\tTime(s)");
  assert.match(host ?? "", /^Domain-0 {37}0 {1,4}\d+ +\d+ {5}r----- {2,}\d+\.\d$/);
  assert.equal(
    guest,
    "host1                                     4711  1024     1     r-----      12.3",
  );
  assert.deepEqual(more, [""]);
});

test("list of a guest that runs elsewhere fails as xl does, and says where it runs", async (t) => {
  const { run } = await served(t);
  const { exit, out, err } = await run(xlCommands(xl), "list", "host2");
  assert.deepEqual([exit, out], [1, ""]);
  assert.match(err, /^xl list: host2 is an invalid domain identifier \(rc=-6\) \[HF4631\]\n/);
  assert.match(err, /It runs on xen2: ask there\./);
});

test("list --long is JSON of xl's shape", async (t) => {
  const { run } = await served(t);
  const { out } = await run(xlCommands(xl), "list", "-l", "host1");
  const [domain] = JSON.parse(out) as { domid: number; config: { c_info: { name: string } } }[];
  assert.equal(domain?.domid, 4711);
  assert.equal(domain.config.c_info.name, "host1");
});

test("create gives the daemon the whole path, and says what xm said", async (t) => {
  const cluster = await served(t);
  const file = domainFile(cluster, 'name = "host1"\nmemory = 1024\n');
  const { exit, out } = await cluster.run(xlCommands(xm), "create", path.relative(".", file));
  assert.equal(exit, 0);
  assert.equal(out, `Using config file "${file}".\nStarted domain host1 (id=4711)\n`);
  assert.deepEqual(cluster.asked[0], {
    method: "guest-create",
    params: { file, by: { client: "xm", user: "anna" } },
  });
});

test("create that fails exits 3 as xl, 1 as xm", async (t) => {
  const cluster = await served(t, {
    "guest-create": () => {
      throw new UserError("HF4650", "host1 is on this node already", { exit: 1 });
    },
  });
  const file = domainFile(cluster, 'name = "host1"\nmemory = 1024\n');
  for (const [dialect, status] of [
    [xl, 3],
    [xm, 1],
  ] as const) {
    const { exit, err } = await cluster.run(xlCommands(dialect), "create", file);
    assert.equal(exit, status);
    assert.match(err, /create: host1 is on this node already \[HF4650\]/);
  }
});

test("a domain file with an error is told with its place, and nothing is asked for", async (t) => {
  const cluster = await served(t);
  const file = domainFile(cluster, 'name = "host1"\nmemory = many\n');
  const { exit, err } = await cluster.run(xlCommands(xl), "create", file);
  assert.equal(exit, 3);
  assert.match(err, new RegExp(`${file}:2:10: error: `));
  assert.match(err, /nothing was started \[HF4630\]/);
  assert.deepEqual(cluster.asked, []);
});

test("create -n reads the file and starts nothing", async (t) => {
  const cluster = await served(t);
  const file = domainFile(cluster, 'name = "host1"\nmemory = 64\ndisk = ["drbd:r0,xvda,w"]\n');
  const { exit, out } = await cluster.run(xlCommands(xl), "create", "-n", "--json", file);
  const guest = JSON.parse(out) as { memoryMib: number; disks: unknown };
  assert.equal(exit, 0);
  assert.equal(guest.memoryMib, 64);
  assert.deepEqual(guest.disks, [
    { vdev: "xvda", access: "rw", source: { kind: "drbd", resource: "r0" } },
  ]);
  assert.deepEqual(cluster.asked, []);
});

test("a file that is nowhere is named with both places where it was looked for", async (t) => {
  const { run } = await served(t);
  const { exit, err } = await run(xlCommands(xm), "create", "nowhere.dom");
  assert.equal(exit, 1);
  assert.match(err, /no domain file \S+\/nowhere\.dom nor \/etc\/xen\/nowhere\.dom \[HF4603\]/);
});

test("values on the command line are refused with what to do instead", async (t) => {
  const cluster = await served(t);
  const file = domainFile(cluster, 'name = "host1"\n');
  const { exit, err } = await cluster.run(xlCommands(xl), "create", file, "memory=64");
  assert.equal(exit, 64);
  assert.match(err, /"memory=64" on the command line is not supported/);
});

test("shutdown -w waits until the guest is gone, and passes on what the cluster will do", async (t) => {
  let looks = 0;
  const cluster = await served(t, {
    "guest-list": () => ({ guests: looks++ < 2 ? [host1] : [] }),
    "guest-shutdown": () => ({ remark: "The cluster will start it again." }),
  });
  const { exit, out, err } = await cluster.run(xlCommands(xl), "shutdown", "-w", "host1");
  assert.equal(exit, 0);
  assert.equal(out, "Shutting down domain host1\nWaiting for 1 domain\n");
  assert.equal(err, "The cluster will start it again.\n");
  assert.ok(looks > 2);
});

test("Domain-0 is not ended by these commands", async (t) => {
  const { run, asked } = await served(t);
  for (const command of ["destroy", "shutdown"]) {
    const { exit, err } = await run(xlCommands(xl), command, "Domain-0");
    assert.equal(exit, 1);
    assert.match(err, /Domain-0 is the host itself/);
  }
  assert.deepEqual(asked, []);
});

test("what xl can and this cannot is refused with the command that does it", async (t) => {
  const { run } = await served(t);
  const migrate = await run(xlCommands(xl), "migrate", "host1", "xen2");
  assert.equal(migrate.exit, 64);
  assert.match(migrate.err, /^xl: migrate is not supported: .*crm_resource --move/);
  const numa = await run(xlCommands(xl), "list", "-n");
  assert.equal(numa.exit, 64);
  assert.match(numa.err, /--numa is not supported/);
  const slip = await run(xlCommands(xl), "lst");
  assert.equal(slip.exit, 64);
  assert.match(slip.err, /there is no command "lst" \[HF4600\]\n {2}Is xl list meant\?/);
});

test("uptime and domid tell of one guest", async (t) => {
  const since = { ...host1, sinceMs: Date.now() - 3_723_000 };
  const { run } = await served(t, { "guest-list": () => ({ guests: [since] }) });
  const { out } = await run(xlCommands(xl), "uptime", "host1");
  assert.match(out, /^Name +ID Uptime\nhost1 +4711 +1:0\d:\d\d\n$/);
  assert.equal((await run(xlCommands(xl), "domid", "host1")).out, "4711\n");
  assert.equal((await run(xlCommands(xl), "domname", "4711")).out, "host1\n");
});

test("console carries both ways until the guest's side ends", async (t) => {
  const cluster = await served(t, {
    "guest-console": () => ({ socketPath: path.join(cluster.directory, "console") }),
  });
  const guest = net.createServer((socket) => {
    socket.once("data", (bytes) => socket.end(`host1 login: you typed ${bytes}`));
  });
  guest.listen(path.join(cluster.directory, "console"));
  t.after(() => guest.close());
  const command = spawn(process.execPath, [
    path.join(import.meta.dirname, "main.ts"),
    "console",
    "host1",
  ]);
  let out = "";
  command.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  command.stdin.write("root\n");
  const [exit] = (await once(command, "close")) as [number];
  assert.equal(out, "host1 login: you typed root\n");
  assert.equal(exit, 0);
});

test("without a daemon it is said what does not answer, and what to do", async (t) => {
  const { run } = await served(t);
  process.env["HOLDFAST_RUN_DIR"] = "/nonexistent";
  const { exit, err } = await run(xlCommands(xl), "list");
  assert.equal(exit, 1);
  assert.match(
    err,
    /holdfastd does not answer on \S+ \(ENOENT\) \[HF9002\]\n {2}Is holdfastd running/,
  );
});

function served(
  t: TestContext,
  methods: Readonly<Record<string, ControlMethod>> = {},
): Promise<ServedCluster> {
  return servedCluster(t, () => ({
    "guest-list": () => ({ guests: [host1] }),
    "guest-create": () => ({ name: "host1" }),
    status: () => howtoSnapshot(),
    ...methods,
  }));
}

function domainFile({ directory }: ServedCluster, text: string): string {
  const file = path.join(directory, "host1.dom");
  writeFileSync(file, text);
  return file;
}
