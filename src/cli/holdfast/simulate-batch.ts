/**
 * Many CIBs, one after another in one process, as crm_simulate would tell them: exp/NAME.exp (the transition graph),
 * summary/NAME.summary (-S) and scores/NAME.scores (-S -s -Q).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { scoresText } from "../../view/scheduler/scores-text.ts";
import { simulationText } from "../../view/scheduler/simulation-text.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { getopt, optionValue } from "../getopt/getopt.ts";

type BatchCase = { readonly name: string; readonly args: readonly string[] };

/** @returns a line for people. */
export async function simulateBatch(
  batch: {
    readonly directory: string;
    readonly out: string;
    readonly tests: string | undefined;
  },
  shell: CommandShell,
): Promise<string> {
  const { directory, out, tests } = batch;
  for (const folder of ["exp", "summary", "scores"]) {
    mkdirSync(path.join(out, folder), { recursive: true });
  }
  const cases = casesIn(directory, tests);
  const failed: string[] = [];
  await withoutCluster(shell, async (client) => {
    for (const { name, args } of cases) {
      const source = path.join(directory, `${name}.xml`);
      const given = { xml: readFileSync(source, "utf8"), source, asItIs: true, ...dateIn(args) };
      try {
        const { report, scores, graph } = await client.ask("cib-simulate", given);
        writeFileSync(path.join(out, "exp", `${name}.exp`), graph);
        writeFileSync(path.join(out, "summary", `${name}.summary`), simulationText(report));
        writeFileSync(path.join(out, "scores", `${name}.scores`), scoresText(scores));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failed.push(`${name}: ${error.message}`);
      }
    }
  });
  const done = `${cases.length - failed.length} of ${cases.length} simulated into ${out}`;
  return [done, ...failed].map((line) => `${line}\n`).join("");
}

/** What the list names and the directory has; all of the directory without a list. */
function casesIn(directory: string, tests: string | undefined): readonly BatchCase[] {
  if (tests !== undefined) {
    const listed = JSON.parse(readFileSync(tests, "utf8")) as readonly BatchCase[];
    return listed.filter(({ name }) => existsSync(path.join(directory, `${name}.xml`)));
  }
  const files = readdirSync(directory).filter((file) => file.endsWith(".xml"));
  return files.sort().map((file) => ({ name: path.basename(file, ".xml"), args: [] }));
}

function dateIn(args: readonly string[]): { readonly date?: string } {
  const rows = [{ long: "set-datetime", short: "t", argument: "TIME", help: "" }];
  const line = getopt(rows, args);
  const date = line.ok ? optionValue(line.value, "set-datetime") : undefined;
  return date === undefined ? {} : { date };
}
