/** `npm run check`: types, lint and format, borders, tidiness. Runs all, prints one line each, fails if any did. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string): string => path.join(root, "node_modules", ".bin", name);

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["types", bin("tsc"), "-b"],
  ["lint and format", bin("biome"), "check", "--diagnostic-level=warn", "."],
  [
    "borders",
    bin("depcruise"),
    "--config",
    ".dependency-cruiser.cjs",
    ...["src", "sim", "lab", "test", "bench", "tools"].filter((dir) =>
      existsSync(path.join(root, dir)),
    ),
  ],
  ["tidy", process.execPath, path.join(root, "tools", "tidy.ts")],
];

// The tools' own first lines say `env node`: let that be the node that runs this check.
const env = { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}` };

let failed = false;
for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const run = spawnSync(command, args, { cwd: root, encoding: "utf8", env });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const good = run.status === 0;
  console.log(`${good ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (!good) {
    failed = true;
    console.log(run.stdout + run.stderr);
    if (run.error) console.log(String(run.error));
  }
}
process.exitCode = failed ? 1 : 0;
