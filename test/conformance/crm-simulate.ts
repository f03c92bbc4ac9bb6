/** Runs the installed crm_simulate on a CIB, for comparison. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";

/** Debian's; its version is 2.1.5. */
export const installed = "/usr/sbin/crm_simulate";

/** A sentence if it cannot be run here. */
export const crmSimulateMissing: string | false = existsSync(installed)
  ? false
  : "crm_simulate is not installed here";

export type SimulatorOptions = {
  /** Another crm_simulate than the installed one. */
  readonly program?: string | undefined;
  /** Taken for now. */
  readonly date?: string | undefined;
};
export type SimulatorOutput = { readonly summary: string; readonly exp: string };

export function crmSimulate(
  cib: XmlElement,
  { program = installed, date }: SimulatorOptions = {},
): SimulatorOutput {
  const folder = mkdtempSync(path.join(os.tmpdir(), "crm-simulate-"));
  try {
    const input = path.join(folder, "cib.xml");
    const graph = path.join(folder, "graph.xml");
    writeFileSync(input, printXml(cib));
    const run = spawnSync(
      program,
      ["-x", input, "-S", "-G", graph, ...(date === undefined ? [] : ["-t", date])],
      {
        encoding: "utf8",
        timeout: 60_000,
        env: { PATH: process.env["PATH"], LC_ALL: "C", CIB_shadow_dir: folder },
      },
    );
    return {
      summary: run.stdout,
      exp: existsSync(graph) ? readFileSync(graph, "utf8") : run.stderr,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
