/**
 * `npm run check`: types, lint and format, borders, tidiness. Runs all, prints one line each, fails if any did. The
 * compiler takes as long as the others together, on one processor: they run beside it.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string): string => path.join(root, "node_modules", ".bin", name);

type Step = readonly [name: string, command: string, ...args: string[]];

const types: Step = ["types", bin("tsc"), "-b"];
const others: readonly Step[] = [
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

await Promise.all([runAll([types]), runAll(others)]);

/** One after another, as children: what a step says stays together. */
async function runAll(steps: readonly Step[]): Promise<void> {
  for (const [name, command, ...args] of steps) {
    const started = performance.now();
    const { good, output } = await run(command, args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${good ? "ok  " : "FAIL"} ${name} (${seconds} s)${good ? "" : `\n${output}`}`);
    if (!good) process.exitCode = 1;
  }
}

function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly good: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.once("error", (error) => resolve({ good: false, output: String(error) }));
    child.once("close", (code) => resolve({ good: code === 0, output }));
  });
}
