/** A snapshot -> what crm_mon prints as text, in the layout that its command line asks for. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { layout06 } from "../../view/cluster/crm-mon/layout-06.ts";
import { crmMonText } from "../../view/cluster/crm-mon/mon-text.ts";
import { usageError } from "../cluster/cluster-command.ts";
import { type CommandLine, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { monOptions } from "./mon-command-line.ts";

/** What is on the screen now, for a command line. */
export function rendererOf(line: CommandLine): (snapshot: ClusterSnapshot) => string {
  const options = monOptions(line, "text");
  const layout = optionValue(line, "layout");
  if (layout !== undefined && layout !== "0.6") {
    throw usageError(`there is no layout "${layout}"; the one of Heartbeat 2 is 0.6`, "crm_mon");
  }
  const text = layout === "0.6" ? layout06 : crmMonText;
  return (snapshot) => text(snapshot, options, localTimes(snapshot.takenAtMs));
}
