/**
 * The one entry of Holdfast's development commands, on any Node.js from 20 on and without node_modules:
 *
 *     node tools/run.mjs demo|test|check|conformance|fuzz|sim|bench|lab|setup [arguments]
 *
 * It does the set-up that the command needs (tools/setup/), then runs the command's TypeScript with the Node.js
 * that is one of the repository's own packages.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CannotSetUp, setUp } from "./setup/set-up.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [command = "", ...words] = process.argv.slice(2);
// `npm run fuzz -- x` passes no `--` on; who types the entry itself puts one there all the same.
const args = words[0] === "--" ? words.slice(1) : words;
const commands = ["demo", "test", "check", "conformance", "fuzz", "sim", "bench", "lab", "setup"];

if (!commands.includes(command)) {
  process.stderr.write(`Usage: node tools/run.mjs ${commands.join("|")} [arguments]\n`);
  process.exit(2);
}
try {
  setUp(needsOf(command, args), root);
} catch (error) {
  const words = error instanceof CannotSetUp ? error.message : (error.stack ?? error.message);
  process.stderr.write(`holdfast ${command}: ${words}\n`);
  process.exit(1);
}
if (command !== "setup") await runEntry(entryOf(command, args));

function needsOf(name, rest) {
  // What the lab and a bare set-up need is what the tests need; power cuts are measured in the demo's lab.
  if (name === "setup" || name === "lab") return "test";
  return name === "bench" && rest[0] === "failover" ? "demo" : name;
}

function entryOf(name, rest) {
  const fixed = {
    demo: "lab/demo/main.ts",
    test: "tools/test.ts",
    check: "tools/check.ts",
    conformance: "test/conformance/main.ts",
    lab: "lab/main.ts",
  };
  if (Object.hasOwn(fixed, name)) return [fixed[name], ...rest];
  // `sim`, `bench` and `fuzz` have parts: `npm run bench -- disk`.
  const [part = "", ...others] = rest;
  const of = name === "fuzz" ? "test/fuzz" : name;
  const ofPart = path.join(of, part, "main.ts");
  if (/^[a-z-]+$/.test(part) && existsSync(path.join(root, ofPart))) return [ofPart, ...others];
  return [`${of}/main.ts`, ...rest];
}

async function runEntry([entry, ...rest]) {
  if (!existsSync(path.join(root, entry))) {
    process.stderr.write(`holdfast ${command}: there is no ${entry}\n`);
    process.exit(2);
  }
  const node = path.join(root, "node_modules", ".bin", "node");
  const child = spawn(node, [path.join(root, entry), ...rest], { stdio: "inherit" });
  // A Ctrl-C reaches the child by the terminal, and it clears up; other ends are passed on to it.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
      resolve();
    });
  });
}
