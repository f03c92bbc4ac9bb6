/** A snapshot -> what crm_mon prints, in the form that its command line asks for. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { layout06 } from "../../view/cluster/crm-mon/layout-06.ts";
import { crmMonText } from "../../view/cluster/crm-mon/mon-text.ts";
import { monXml } from "../../view/cluster/crm-mon/mon-xml.ts";
import { usageError } from "../cluster/cluster-command.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { monOptions } from "./mon-command-line.ts";

const formats = ["console", "text", "xml", "json", "none"] as const;
export type Format = (typeof formats)[number];

/** What is on the screen now, for a command line. */
export function rendererOf(line: CommandLine): (snapshot: ClusterSnapshot) => string {
  const format = formatOf(line);
  const options = monOptions(line);
  if (format === "none") return () => "";
  if (format === "json") return (snapshot) => `${JSON.stringify(snapshot, undefined, 2)}\n`;
  if (format === "xml")
    return (snapshot) => monXml(snapshot, options, localTimes(snapshot.takenAtMs));
  const layout = optionValue(line, "layout");
  if (layout !== undefined && layout !== "0.6") {
    throw usageError(`there is no layout "${layout}"; the one of Heartbeat 2 is 0.6`, "crm_mon");
  }
  const text = layout === "0.6" ? layout06 : crmMonText;
  return (snapshot) => text(snapshot, options, localTimes(snapshot.takenAtMs));
}

export function formatOf(line: CommandLine): Format {
  if (hasOption(line, "json")) return "json";
  if (hasOption(line, "as-xml")) return "xml";
  const given = optionValue(line, "output-as") ?? "console";
  const format = formats.find((each) => each === given);
  if (format !== undefined) return format;
  throw usageError(`--output-as is one of ${formats.join(", ")}, not "${given}"`, "crm_mon");
}
