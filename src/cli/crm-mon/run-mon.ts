/** crm_mon: one look, or the whole screen for as long as somebody watches. */
import { simpleStatus } from "../../view/cluster/crm-mon/simple-status.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { monOptions } from "./mon-command-line.ts";
import type * as Documents from "./mon-documents.ts";
import { rendererOf } from "./mon-renderer.ts";

export async function runMon(
  line: CommandLine,
  shell: CommandShell,
  answer: CommandAnswer,
): Promise<number> {
  if (line.operands.length > 0) {
    throw usageError(`"${line.operands.join(" ")}" is no option`, "crm_mon");
  }
  const { format } = answer;
  const render = format === "none" ? () => "" : rendererOf(line);
  if (hasOption(line, "simple-status")) {
    const { text, isWarning } = simpleStatus(await shell.cluster.ask("status"));
    shell.out(text);
    return isWarning ? 1 : 0;
  }
  if (!hasOption(line, "one-shot") && shell.isTerminal && format === "console") {
    const { watchMon } = await import("./watch-mon.ts");
    return await watchMon(line, shell);
  }
  const xmlOptions = monOptions(line, "xml");
  const snapshot = await shell.cluster.ask("status");
  // One look is what is asked for most: it does not wait for what only documents are made with.
  const isDocument = format === "xml" || format === "html";
  const { xmlOf, pageOf } = isDocument ? await import("./mon-documents.ts") : noDocuments;
  answer.give({
    text: () => render(snapshot),
    xml: () => xmlOf(snapshot, xmlOptions),
    json: () => snapshot,
    html: () => pageOf(line, snapshot),
  });
  return 0;
}

const noDocuments: Pick<typeof Documents, "xmlOf" | "pageOf"> = {
  xmlOf: () => [],
  pageOf: () => "",
};
