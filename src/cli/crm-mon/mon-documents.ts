/** A snapshot as a document: XML, or a page. Loaded only where one is asked for: a look at the screen need not wait for it. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import type { MonOptions } from "../../view/cluster/crm-mon/mon-options.ts";
import { monHtml } from "../../view/cluster/html/mon-html.ts";
import { monXml } from "../../view/cluster/xml/mon-xml.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { monOptions } from "./mon-command-line.ts";

export function xmlOf(snapshot: ClusterSnapshot, options: MonOptions): readonly XmlText[] {
  return monXml(snapshot, options, localTimes(snapshot.takenAtMs));
}

export function pageOf(line: CommandLine, snapshot: ClusterSnapshot): string {
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
