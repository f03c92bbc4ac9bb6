/** Membership and links between real processes on real sockets: each node in a network namespace of its own. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, test } from "node:test";

const isRoot = process.getuid?.() === 0;
const skip = isRoot ? false : "only root may make network namespaces";
const id = `hf${process.pid.toString(36)}`;
const namespaces = { xen1: `${id}-1`, xen2: `${id}-2`, lan: `${id}-lan` };
const nodes: Node[] = [];
const port = 694;
/** Where nobody is to be lost: a busy machine may need longer than two seconds to start a process. */
const unhurried: StartOptions = { deadtimeMs: 30_000 };

before(() => {
  if (!isRoot) return;
  for (const name of Object.values(namespaces)) ip("netns", "add", name);
  for (const device of ["eth0", "eth1"]) {
    inNamespace(namespaces.lan, "ip", "link", "add", `br-${device}`, "type", "bridge");
    inNamespace(namespaces.lan, "ip", "link", "set", `br-${device}`, "up");
  }
  (["xen1", "xen2"] as const).forEach((host, i) => {
    const namespace = namespaces[host];
    inNamespace(namespace, "ip", "link", "set", "lo", "up");
    ["eth0", "eth1"].forEach((device, j) => {
      const far = `${host}-${device}`;
      const pair = ["link", "add", device, "netns", namespace, "type", "veth"];
      ip(...pair, "peer", "name", far, "netns", namespaces.lan);
      inNamespace(namespace, "ip", "address", "add", `10.${j}.0.${i + 1}/24`, "dev", device);
      inNamespace(namespace, "ip", "link", "set", device, "up");
      inNamespace(namespaces.lan, "ip", "link", "set", far, "master", `br-${device}`, "up");
    });
  });
});

// A test that fails leaves nothing behind for the next one.
afterEach(async () => {
  await end(...nodes.splice(0));
});

after(() => {
  if (!isRoot) return;
  for (const name of Object.values(namespaces)) ip("netns", "delete", name);
});

test("two daemons find each other by broadcast, and a dead one is lost and found", {
  skip,
}, async () => {
  const xen1 = start("xen1", ["bcast eth0"]);
  const xen2 = start("xen2", ["bcast eth0"]);
  await Promise.all([xen1.until("link-up xen2"), xen2.until("link-up xen1")]);
  xen1.command({ do: "send", to: "xen2", text: "x".repeat(1_000_000) });
  xen2.command({ do: "send", to: "xen1", text: "hello" });
  await xen2.until(`message ${"x".repeat(1_000_000)}`);
  await xen1.until("message hello");
  xen2.kill("SIGKILL");
  await xen1.until("peer-lost xen2 silent");
  const again = start("xen2", ["bcast eth0"]);
  await again.until("link-up xen1");
  await xen1.until("link-up xen2", 2);
});

test("a daemon killed and started again at once has restarted, and the link is new", {
  skip,
}, async () => {
  const { xen1, xen2 } = await startBoth(["bcast eth0"], unhurried);
  xen2.kill("SIGKILL");
  await xen2.ended;
  const again = start("xen2", ["bcast eth0"], unhurried);
  await again.until("link-up xen1");
  await xen1.until("link-up xen2", 2);
  assert.ok(xen1.lines.includes("peer-restarted xen2"));
  assert.ok(!xen1.lines.some((line) => line.startsWith("peer-lost")));
});

test("a cut of one direction is noticed on both sides", { skip }, async () => {
  const { xen1, xen2 } = await startBoth(["bcast eth0"]);
  cut("xen1", "xen2");
  await xen2.until("peer-lost xen1 silent");
  await xen1.until("peer-lost xen2 does-not-hear-us");
  heal("xen2");
  await Promise.all([xen1.until("link-up xen2", 2), xen2.until("link-up xen1", 2)]);
});

test("a frozen daemon declares nobody lost when it thaws", { skip }, async () => {
  const { xen1, xen2 } = await startBoth(["bcast eth0"], unhurried);
  xen1.kill("SIGSTOP");
  await xen2.until("peer-late xen1");
  xen1.kill("SIGCONT");
  await xen1.until("notice own-pause");
  await xen2.until("notice late-heartbeat");
  xen1.command({ do: "state" });
  await xen1.until("state xen1,xen2");
  assert.ok(!xen1.lines.some((line) => line.startsWith("peer-lost")));
});

test("two interfaces, one by broadcast and one by unicast: either carries the membership", {
  skip,
}, async () => {
  // A path is down after deadtime, and nobody is to be lost.
  const xen1 = start("xen1", ["bcast eth0", "ucast eth1 10.1.0.2"], { deadtimeMs: 5000 });
  const xen2 = start("xen2", ["bcast eth0", "ucast eth1 10.1.0.1"], { deadtimeMs: 5000 });
  await Promise.all([xen1.until("link-up xen2"), xen2.until("link-up xen1")]);
  inNamespace(namespaces.lan, "ip", "link", "set", "br-eth0", "down");
  await xen1.until("notice path-down");
  await xen2.until("notice path-down");
  inNamespace(namespaces.lan, "ip", "link", "set", "br-eth0", "up");
  await xen1.until("notice path-up");
  assert.ok(!xen1.lines.some((line) => line.startsWith("peer-lost")));
});

test("an interface that is taken down and up again is trouble, then none", { skip }, async () => {
  const { xen1, xen2 } = await startBoth(["mcast eth0 239.0.0.94"]);
  inNamespace(namespaces.xen1, "ip", "link", "set", "eth0", "down");
  await xen1.until(/^trouble HF304[14]/);
  await xen2.until("peer-lost xen1 silent");
  inNamespace(namespaces.xen1, "ip", "link", "set", "eth0", "up");
  await xen1.until("trouble none");
  await xen2.until("member-joined xen1", 2);
});

test("a second daemon on a host is refused: the port is in use", { skip }, async () => {
  await startBoth(["bcast eth0"]);
  const second = start("xen1", ["bcast eth0"]);
  await second.until(/^failed HF304[03]/);
});

test("a host with another key is refused and told, and is no member", { skip }, async () => {
  const xen1 = start("xen1", ["bcast eth0"]);
  const stranger = start("xen2", ["bcast eth0"], { key: "another-random-key" });
  await xen1.until("notice HF3012");
  await stranger.until("notice HF3012");
  xen1.command({ do: "state" });
  await xen1.until("state xen1");
});

type Host = "xen1" | "xen2";

type Node = {
  readonly lines: readonly string[];
  readonly ended: Promise<void>;
  /** Resolves when such a line has come so many times. */
  until(line: string | RegExp, times?: number): Promise<void>;
  command(command: object): void;
  kill(signal: NodeJS.Signals): void;
};

type StartOptions = { readonly key?: string; readonly deadtimeMs?: number };

async function startBoth(
  media: readonly string[],
  options: StartOptions = {},
): Promise<{ xen1: Node; xen2: Node }> {
  const xen1 = start("xen1", media, options);
  const xen2 = start("xen2", media, options);
  await Promise.all([xen1.until("link-up xen2"), xen2.until("link-up xen1")]);
  return { xen1, xen2 };
}

async function end(...them: readonly Node[]): Promise<void> {
  for (const node of them) node.kill("SIGKILL");
  await Promise.all(them.map((node) => node.ended));
}

function start(host: Host, media: readonly string[], options: StartOptions = {}): Node {
  const { key = "the-cluster's-own-key", deadtimeMs = 2000 } = options;
  const main = path.join(import.meta.dirname, "node-main.ts");
  const words = [host, "xen1,xen2", String(port), key, String(deadtimeMs), ...media];
  const node = [process.execPath, main, ...words];
  const child = spawn("ip", ["netns", "exec", namespaces[host], ...node]);
  const started = followed(child);
  nodes.push(started);
  return started;
}

function followed(child: ChildProcessWithoutNullStreams): Node {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  child.stderr.on("data", (text) => process.stderr.write(text));
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(short(JSON.parse(line) as Record<string, string>));
    for (const look of waiting) look();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    lines,
    ended,
    until: (line, times = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const fits = lines.filter((each) =>
            typeof line === "string" ? each === line : line.test(each),
          );
          if (fits.length < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    command: (command) => child.stdin.write(`${JSON.stringify(command)}\n`),
    kill: (signal) => child.kill(signal),
  };
}

function short(effect: Record<string, string>): string {
  const words = ["peer", "why", "code", "text", "members"].map((name) => effect[name]);
  const shown = effect["kind"] === "link-down" ? [effect["peer"]] : words;
  return [effect["kind"], ...shown.filter((word) => word !== undefined)].join(" ");
}

/** Nothing from the one arrives at the other. */
function cut(from: Host, to: Host): void {
  const source = from === "xen1" ? "10.0.0.1" : "10.0.0.2";
  inNamespace(namespaces[to], "nft", "add table ip cut");
  const hook = "{ type filter hook input priority 0; }";
  inNamespace(namespaces[to], "nft", `add chain ip cut input ${hook}`);
  inNamespace(namespaces[to], "nft", `add rule ip cut input ip saddr ${source} drop`);
}

function heal(at: Host): void {
  inNamespace(namespaces[at], "nft", "delete", "table", "ip", "cut");
}

function inNamespace(namespace: string, ...command: readonly string[]): void {
  ip("netns", "exec", namespace, ...command);
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "inherit"] });
}
