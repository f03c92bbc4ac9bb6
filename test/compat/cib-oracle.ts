/** Debian's cluster tools on a CIB in a file: what they answer is what Holdfast's CIB is measured by. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";

export type Answer = { readonly exit: number; readonly output: string; readonly errors: string };

/** Why the tools cannot be asked here; undefined if they can. */
export function whyNoOracle(tool = "cibadmin"): string | undefined {
  const asked = spawnSync(tool, ["--version"], { encoding: "utf8" });
  if (asked.error === undefined && asked.stdout.includes("Pacemaker 2.1.")) return undefined;
  return `${tool} of Pacemaker 2.1 (package pacemaker-cli-utils) is not installed here`;
}

/** Whether cibadmin takes the file's CIB at all: it refuses one that its schema does not accept. */
export function acceptedByCibadmin(file: CibFile, cib: XmlElement): boolean {
  file.write(printXml(cib));
  const { exit, errors } = file.run("cibadmin", "--query");
  if (exit === 0 || exit === 78) return exit === 0;
  throw new Error(`cibadmin ends with ${exit}: ${errors}`);
}

/** A CIB in a file of its own; `close` takes the file away. */
export class CibFile {
  readonly #folder: string = mkdtempSync(path.join(tmpdir(), "holdfast-cib-"));

  get path(): string {
    return path.join(this.#folder, "cib.xml");
  }

  write(text: string): void {
    // A digest left from an earlier content would not fit.
    rmSync(`${this.path}.sig`, { force: true });
    writeFileSync(this.path, text);
  }

  read(): string {
    return readFileSync(this.path, "utf8");
  }

  run(tool: string, ...args: readonly string[]): Answer {
    const env = {
      PATH: process.env["PATH"] ?? "",
      CIB_file: this.path,
      LC_ALL: "C",
      TZ: "UTC",
      USER: "root",
    };
    const run = spawnSync(tool, args, { encoding: "utf8", env, cwd: this.#folder });
    return { exit: run.status ?? -1, output: run.stdout, errors: run.stderr };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
