import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { packages } from "./packages.mjs";
import { CannotSetUp, setUp } from "./set-up.mjs";

const places: string[] = [];
after(() => {
  for (const place of places) rmSync(place, { recursive: true });
});

test("where everything is there, nothing is done and nothing is said", () => {
  const world = makeWorld({ installed: allNames() });
  setUp("demo", makeRoot({ npm: true, kernel: true }), world);
  assert.deepEqual(world.done, []);
  assert.deepEqual(world.lines, []);
});

test("what is missing is installed with one line each, and a second run finds it there", () => {
  const world = makeWorld({ installed: allNames().filter((name) => !/nft|libnbd/.test(name)) });
  const root = makeRoot({ npm: true, kernel: false });
  setUp("demo", root, world);
  assert.deepEqual(world.done, [
    "install nftables libnbd-bin",
    "download linux-image-6.1.0-9-cloud-amd64",
  ]);
  assert.equal(world.lines.length, 3);
  assert.match(world.lines[0] ?? "", /^installs nftables: the lab's networks|^installs nftables: /);
  assert.match(world.lines[2] ?? "", /guests' kernel/);
  setUp("demo", root, world);
  assert.equal(world.lines.length, 3);
});

test("what the tests connect to is unpacked, never installed, and nobody refuses without it", () => {
  const root = makeRoot({ npm: true, kernel: true });
  const bare = makeWorld({ installed: allNames() });
  setUp("test", root, bare);
  assert.deepEqual(bare.done, []);
  const world = makeWorld({ installed: allNames(), archive: ["pacemaker-remote"] });
  for (let times = 0; times < 2; times++) setUp("test", root, world);
  assert.deepEqual(world.done, ["download pacemaker-remote"]);
});

test("each command asks only for what it needs", () => {
  const root = makeRoot({ npm: true, kernel: false });
  for (const command of ["check", "sim"]) {
    const world = makeWorld({ installed: [], lacks: [{ what: "root", remedy: "sudo" }] });
    setUp(command, root, world);
    assert.deepEqual(world.done, []);
  }
  const bench = makeWorld({ installed: [] });
  setUp("bench", root, bench);
  assert.deepEqual(bench.done, ["install libnbd-bin qemu-system-x86 qemu-utils xz-utils fio"]);
});

const refusals: readonly (readonly [string, Partial<Given>, RegExp])[] = [
  ["no root", { lacks: [{ what: "root", remedy: "Run it as root." }] }, /lacks root\n {2}Run it/],
  [
    "no tun device, no FUSE",
    {
      lacks: [
        { what: "tun", remedy: "modprobe tun" },
        { what: "FUSE", remedy: "modprobe fuse" },
      ],
    },
    /lacks tun\n {2}modprobe tun\nthis machine lacks FUSE/,
  ],
  [
    "no Debian",
    { isDebian: false },
    /no apt-get to install them with: busybox-static.*guest kernel/s,
  ],
  [
    "packages that the archive lacks",
    { archive: allNames().filter((name) => !/nftables|iproute2/.test(name)) },
    /has no package iproute2 \(.*\); no package nftables/,
  ],
  ["no kernel in the archive", { hasKernel: false }, /no package linux-image-cloud-amd64/],
];

for (const [name, given, complaint] of refusals) {
  test(`${name}: said with what to do, and nothing is touched`, () => {
    const world = makeWorld({ installed: [], ...given });
    const root = makeRoot({ npm: false, kernel: false });
    const before = readdirSync(root);
    assert.throws(
      () => setUp("test", root, world),
      (error: Error) => error instanceof CannotSetUp && complaint.test(error.message),
    );
    assert.deepEqual(
      world.done.filter((one) => one !== "update"),
      [],
    );
    assert.deepEqual(readdirSync(root), before);
  });
}

test("the lists of packages are fetched only when they know too little", () => {
  const world = makeWorld({ installed: [], archive: [], archiveAfterUpdate: allNames() });
  setUp("demo", makeRoot({ npm: true, kernel: true }), world);
  assert.equal(world.done[0], "update");
  assert.equal(world.done.filter((one) => one === "update").length, 1);
  assert.match(world.done.at(-1) ?? "", /^install .*nftables/);
});

test("each package is named once, with what it is for and who needs it", () => {
  const names = allNames();
  assert.equal(new Set(names).size, names.length);
  for (const { purpose, commands } of packages) {
    assert.match(purpose, /\w/);
    assert.ok(commands.every((command: string) => ["demo", "test", "bench"].includes(command)));
  }
});

type Given = {
  readonly installed: readonly string[];
  readonly archive: readonly string[];
  readonly archiveAfterUpdate: readonly string[];
  readonly isDebian: boolean;
  readonly hasKernel: boolean;
  readonly lacks: readonly { readonly what: string; readonly remedy: string }[];
};

function allNames(): string[] {
  return packages.flatMap((one) => one.names);
}

/** A machine of Debian that does what it is told, and remembers it. */
function makeWorld(given: Partial<Given>) {
  const installed = new Set(given.installed ?? []);
  let archive = new Set(given.archive ?? allNames());
  const done: string[] = [];
  const lines: string[] = [];
  return {
    done,
    lines,
    say: (line: string) => lines.push(line),
    machineLacks: () => given.lacks ?? [],
    apt: {
      isThere: () => given.isDebian ?? true,
      installed: (names: string[]) => new Set(names.filter((name) => installed.has(name))),
      isAvailable: (name: string) => archive.has(name),
      update: () => {
        done.push("update");
        archive = new Set(given.archiveAfterUpdate ?? archive);
      },
      install: (names: string[]) => {
        done.push(`install ${names.join(" ")}`);
        for (const name of names) installed.add(name);
      },
      dependsOf: () => (given.hasKernel === false ? [] : ["linux-image-6.1.0-9-cloud-amd64"]),
      download: (name: string, dir: string) => {
        done.push(`download ${name}`);
        writeFileSync(path.join(dir, `${name}.deb`), "");
      },
      unpack: (_file: string, dir: string) => {
        for (const file of ["boot/vmlinuz-6.1.0-9-cloud-amd64", "usr/sbin/pacemaker-remoted"]) {
          mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
          writeFileSync(path.join(dir, file), "");
        }
      },
    },
  };
}

/** A repository's root, with or without its npm packages and the guests' kernel. */
function makeRoot({ npm, kernel }: { readonly npm: boolean; readonly kernel: boolean }): string {
  const root = mkdtempSync(path.join(tmpdir(), "holdfast-set-up-"));
  places.push(root);
  const lock = JSON.stringify({ packages: { "": {}, "node_modules/x": { version: "1.0.0" } } });
  writeFileSync(path.join(root, "package-lock.json"), lock);
  if (npm) {
    mkdirSync(path.join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync(process.execPath, path.join(root, "node_modules/.bin/node"));
    writeFileSync(path.join(root, "node_modules/.package-lock.json"), lock);
  }
  if (kernel) {
    const boot = path.join(root, ".cache/guest-kernel/6.1.0-9/boot");
    mkdirSync(boot, { recursive: true });
    writeFileSync(path.join(boot, "vmlinuz-6.1.0-9"), "");
  }
  return root;
}
