/**
 * The entry on a fresh machine: a copy of it in a repository of its own, whose machine is a directory of small
 * programs on PATH that remember what they were asked (dpkg-query, apt-get, apt-cache, npm …).
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const repository = path.resolve(import.meta.dirname, "..");
let root = "";
let bin = "";

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "holdfast-run-"));
  bin = path.join(root, "machine");
  mkdirSync(bin);
  for (const entry of ["tools/run.mjs", "tools/setup", "lab/machine/machine-needs.mjs"]) {
    cpSync(path.join(repository, entry), path.join(root, entry), { recursive: true });
  }
  const lock = { packages: { "": {}, "node_modules/x": { version: "1.0.0" } } };
  writeFileSync(path.join(root, "package-lock.json"), JSON.stringify(lock));
  mkdirSync(path.join(root, "sim/part"), { recursive: true });
  const entry = 'console.log("entry", process.argv.slice(2).join(" "));\n';
  writeFileSync(path.join(root, "sim/main.ts"), `${entry}process.exitCode = 7;\n`);
  writeFileSync(path.join(root, "sim/part/main.ts"), entry.replace("entry", "part"));
  program("npm", npmInstalls);
  program("flock", `exec /usr/bin/flock "$@"`);
});
afterEach(() => rmSync(root, { recursive: true }));

test("npm's packages are installed once, then the entry runs with its arguments and exit code", () => {
  const first = run(["sim", "--seeds", "3"]);
  assert.equal(first.status, 7, first.stderr);
  assert.equal(first.stdout, "entry --seeds 3\n");
  assert.match(first.stderr, /^holdfast: installs the npm packages.*\n$/);
  const second = run(["sim", "part", "x"]);
  assert.deepEqual([second.status, second.stdout, second.stderr], [0, "part x\n", ""]);
  assert.equal(asked("npm"), "ci --loglevel=error\n");
});

test("a -- before the arguments, as npm run wants it, is none of them", () => {
  assert.equal(run(["sim", "--", "part", "x"]).stdout, "part x\n");
  assert.equal(run(["sim", "part", "x", "--", "y"]).stdout, "part x -- y\n");
});

test("a lock file that names another version has them installed again", () => {
  run(["sim"]);
  const lock = { packages: { "": {}, "node_modules/x": { version: "2.0.0" } } };
  writeFileSync(path.join(root, "package-lock.json"), JSON.stringify(lock));
  run(["sim"]);
  assert.equal(asked("npm").split("\n").length - 1, 2);
});

test("two at once install once", async () => {
  program("npm", `sleep 0.3\n${npmInstalls}`);
  const both = [start(["sim"]), start(["sim"])];
  const codes = await Promise.all(
    both.map((child) => new Promise((resolve) => child.once("close", resolve))),
  );
  assert.deepEqual(codes, [7, 7]);
  assert.equal(asked("npm").split("\n").length - 1, 1);
});

test("an npm that fails is told in its own words", () => {
  program("npm", "echo 'no network today' >&2; exit 1");
  const { status, stderr } = run(["sim"]);
  assert.equal(status, 1);
  assert.match(stderr, /npm ci failed \(1\):\s+no network today/);
});

test("an unknown command shows the known ones; an entry that is not there is said", () => {
  assert.equal(run(["dance"]).status, 2);
  assert.match(
    run([]).stderr,
    /Usage: .*demo\|test\|check\|conformance\|fuzz\|sim\|bench\|lab\|setup/,
  );
  rmSync(path.join(root, "sim"), { recursive: true });
  const { status, stderr } = run(["sim"]);
  assert.deepEqual([status, /there is no sim\/main\.ts/.test(stderr)], [2, true]);
});

const cannotBeNobody =
  process.getuid?.() === 0 ? false : "it needs root to try being somebody else";

test("without root, demo and test stop before they touch anything", {
  skip: cannotBeNobody,
}, () => {
  chmodSync(root, 0o755);
  // A clone in root's home has a node that nobody else may run.
  const node = path.join(root, "node");
  cpSync(process.execPath, node);
  for (const command of ["demo", "test"]) {
    const { status, stderr } = run([command], { node, cwd: root, uid: 65534, gid: 65534 });
    assert.equal(status, 1);
    assert.match(stderr, /lacks root\n {2}Run it as root/);
  }
  assert.equal(asked("npm"), "");
  assert.ok(!existsSync(path.join(root, ".cache")));
});

test("where the archive has no such package, benchmarks say which and stop", () => {
  program("dpkg-query", "exit 1");
  program("apt-get", "exit 0");
  program("apt-cache", `echo "  Candidate: (none)"`);
  const { status, stderr } = run(["bench"]);
  assert.equal(status, 1);
  assert.match(stderr, /no package qemu-system-x86 \(the guests\).*no package fio/);
  assert.deepEqual([asked("npm"), asked("apt-get").includes("update")], ["", true]);
});

test("missing packages are installed with apt, one line each, without recommended ones", () => {
  program("dpkg-query", "echo qemu-utils installed; exit 1");
  program("apt-get", "exit 0");
  program("apt-cache", `echo "  Candidate: 1.0"`);
  const { stderr } = run(["bench"]);
  assert.match(stderr, /^holdfast: installs qemu-system-x86: the guests$/m);
  assert.match(stderr, /^holdfast: installs fio: load on replicated disks$/m);
  assert.doesNotMatch(stderr, /qemu-utils/);
  assert.match(asked("apt-get"), /install --no-install-recommends .*\bqemu-system-x86 .*\bfio\n$/);
});

const npmInstalls = `
  mkdir -p node_modules/.bin
  ln -sf ${process.execPath} node_modules/.bin/node
  cp package-lock.json node_modules/.package-lock.json`;

/** Puts a program on the machine that writes down its arguments and then does what the script says. */
function program(name: string, script: string): void {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/sh\necho "$@" >>${bin}/${name}.asked\n${script}\n`);
  chmodSync(file, 0o755);
}

function asked(name: string): string {
  const file = path.join(bin, `${name}.asked`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

type RunOptions = { node?: string; cwd?: string; uid?: number; gid?: number };

function run(args: readonly string[], { node = process.execPath, ...options }: RunOptions = {}) {
  const argv = [path.join(root, "tools/run.mjs"), ...args];
  return spawnSync(node, argv, { encoding: "utf8", env: environment(), ...options });
}

function start(args: readonly string[]): ChildProcess {
  const argv = [path.join(root, "tools/run.mjs"), ...args];
  return spawn(process.execPath, argv, { env: environment(), stdio: "ignore" });
}

/** Only what a shell script needs comes from the real machine: no apt, no dpkg, no npm. */
function environment(): Record<string, string> {
  const real = path.join(root, "real");
  if (!existsSync(real)) {
    mkdirSync(real);
    for (const name of ["mkdir", "ln", "cp", "sleep", "unshare", "mount"]) {
      symlinkSync(`/usr/bin/${name}`, path.join(real, name));
    }
  }
  return { PATH: `${bin}:${real}` };
}
