/** crm_mon: one look, or the whole screen for as long as somebody watches. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { simpleStatus } from "../../view/cluster/crm-mon/simple-status.ts";
import { monHtml } from "../../view/cluster/html/mon-html.ts";
import { monXml } from "../../view/cluster/xml/mon-xml.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { monOptions } from "./mon-command-line.ts";
import { rendererOf } from "./mon-renderer.ts";
import { watchMon } from "./watch-mon.ts";

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
    return await watchMon(line, shell);
  }
  const xmlOptions = monOptions(line, "xml");
  const snapshot = await shell.cluster.ask("status");
  answer.give({
    text: () => render(snapshot),
    xml: () => monXml(snapshot, xmlOptions, localTimes(snapshot.takenAtMs)),
    json: () => snapshot,
    html: () => pageOf(line, snapshot),
  });
  return 0;
}

function pageOf(line: CommandLine, snapshot: ClusterSnapshot): string {
  const page = {
    title: optionValue(line, "html-title") ?? "Cluster Status",
    stylesheet: optionValue(line, "html-stylesheet"),
    refreshS: undefined,
  };
  const options = monOptions(line, "text");
  const text = monHtml(snapshot, { options, page }, localTimes(snapshot.takenAtMs));
  const isCgi = hasOption(line, "html-cgi") || hasOption(line, "web-cgi");
  return isCgi ? `Content-Type: text/html\n\n${text}` : text;
}
