/** crm_mon: one look, or the whole screen for as long as somebody watches. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { simpleStatus } from "../../view/cluster/crm-mon/simple-status.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { AnswerForms, CommandAnswer } from "../cluster/command-answer.ts";
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
  const goesOn = hasOption(line, "daemonize") || hasOption(line, "external-agent");
  if (!goesOn && !hasOption(line, "one-shot") && shell.isTerminal && format === "console") {
    const { watchMon } = await import("./watch-mon.ts");
    return await watchMon(line, shell);
  }
  const xmlOptions = monOptions(line, "xml");
  // One look is what is asked for most: it does not wait for what only documents are made with.
  const isDocument = format === "xml" || format === "html";
  const { xmlOf, pageOf } = isDocument ? await import("./mon-documents.ts") : noDocuments;
  const forms = (snapshot: ClusterSnapshot): AnswerForms => ({
    text: () => render(snapshot),
    xml: () => xmlOf(snapshot, xmlOptions),
    json: () => snapshot,
    html: () => pageOf(line, snapshot),
  });
  if (goesOn) {
    const { goOn } = await import("./go-on.ts");
    return await goOn(line, shell, async (client) => {
      answer.giveAnew(forms(await client.ask("status")));
    });
  }
  answer.give(forms(await shell.cluster.ask("status")));
  return 0;
}

const noDocuments: Pick<typeof Documents, "xmlOf" | "pageOf"> = {
  xmlOf: () => [],
  pageOf: () => "",
};
