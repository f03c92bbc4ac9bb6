/**
 * What one look at a cluster costs: the CPU time of `crm_mon -1` and `holdfast status` as processes of their own, start of
 * Node.js included, the median of some rounds. A daemon that answers at once stands in: the commands are measured.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serveControl } from "../../src/host/control/control-server.ts";
import { howtoSnapshot } from "../../test/cluster/howto-snapshot.ts";

const root = path.resolve(import.meta.dirname, "../..");
const rounds = 9;
const directory = mkdtempSync(path.join(tmpdir(), "holdfast-bench-"));
const run = path.join(directory, "run");
mkdirSync(run);
const server = await serveControl({
  socketPath: path.join(run, "holdfastd.sock"),
  methods: { status: () => howtoSnapshot() },
  onBug: (error) => {
    throw error;
  },
});
try {
  for (const words of [
    ["crm_mon", "-1"],
    ["holdfast", "status"],
  ]) {
    // The first one fills the cache of what is compiled.
    await cpuMsOf(words);
    const all: number[] = [];
    for (let round = 0; round < rounds; round++) all.push(await cpuMsOf(words));
    all.sort((a, b) => a - b);
    console.log(`${words.join(" ")}: ${all[all.length >> 1]?.toFixed(0)} ms of CPU time`);
  }
} finally {
  await server.close();
  rmSync(directory, { recursive: true });
}

/** User and system time, as the shell's `times` tells of its children. */
async function cpuMsOf([command = "", ...words]: readonly string[]): Promise<number> {
  const line = `"$0" "$@" >/dev/null || exit; times`;
  const child = spawn("sh", ["-c", line, path.join(root, "bin", command), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      HOLDFAST_RUN_DIR: run,
      NODE_COMPILE_CACHE: path.join(directory, "compiled"),
    },
  });
  let text = "";
  child.stdout.on("data", (data: Buffer) => {
    text += data.toString();
  });
  const exit = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (exit !== 0) throw new Error(`${command} ended with ${exit}`);
  const children = text.trim().split("\n")[1] ?? "";
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return seconds.reduce((sum, each) => sum + each, 0) * 1000;
}
