/**
 * Which module files a kernel needs for a set of modules, in the order of loading: read from the modules
 * themselves (each says what it depends on), since depmod has not run for a kernel that is only unpacked.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";

export type KernelModule = { readonly name: string; readonly content: Uint8Array };

/** @param dir the kernel's /lib/modules/VERSION. Modules that are built into the kernel are left out. */
export function modulesFor(dir: string, wanted: readonly string[]): readonly KernelModule[] {
  const files = moduleFiles(dir);
  const builtIn = builtInModules(dir);
  const loaded = new Map<string, KernelModule>();
  const load = (name: string): void => {
    if (loaded.has(name) || builtIn.has(name)) return;
    const file = files.get(name);
    if (file === undefined) {
      throw new UserError("HF7014", `the guests' kernel has no module ${name} in ${dir}`, {
        remedy: "Remove .cache, so that the kernel is fetched anew.",
      });
    }
    const content = readModule(file);
    for (const needed of dependenciesOf(content)) load(needed);
    loaded.set(name, { name, content });
  };
  for (const name of wanted) load(name);
  return [...loaded.values()];
}

/** The "depends=" of a module's .modinfo section: names with commas between them, ended by a zero byte. */
export function dependenciesOf(module: Uint8Array): readonly string[] {
  const text = Buffer.from(module.buffer, module.byteOffset, module.byteLength);
  const start = text.indexOf("\0depends=");
  if (start < 0) return [];
  const from = start + "\0depends=".length;
  const names = text.toString("latin1", from, text.indexOf(0, from));
  return names.split(",").filter((name) => name !== "");
}

function moduleFiles(dir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const kernel = path.join(dir, "kernel");
  if (!existsSync(kernel)) return found;
  for (const file of readdirSync(kernel, { recursive: true, encoding: "utf8" }).sort()) {
    const match = /([^/]+)\.ko(\.xz|\.zst|\.gz)?$/.exec(file);
    if (match?.[1] !== undefined) found.set(moduleName(match[1]), path.join(kernel, file));
  }
  return found;
}

function builtInModules(dir: string): ReadonlySet<string> {
  const list = path.join(dir, "modules.builtin");
  if (!existsSync(list)) return new Set();
  const files = readFileSync(list, "utf8").split("\n");
  return new Set(files.map((file) => moduleName(path.basename(file, ".ko"))));
}

/** Hyphens and underscores in modules' names mean the same. */
function moduleName(name: string): string {
  return name.replaceAll("-", "_");
}

function readModule(file: string): Uint8Array {
  const unpack = { ".xz": "xz", ".zst": "zstd", ".gz": "gzip" }[path.extname(file)];
  if (unpack === undefined) return readFileSync(file);
  const run = spawnSync(unpack, ["-dc", file], { maxBuffer: 64 * 1024 * 1024 });
  if (run.status === 0) return run.stdout;
  throw new UserError("HF7008", `${unpack} cannot unpack ${file}: ${run.stderr}`);
}
