/**
 * What a resource agent says of itself (OCF resource agent API 1.1, "Meta Data"), as far as the cluster needs it: which
 * parameters can change while the resource runs, and which are secret.
 */
import { err, ok, type Result } from "../../base/result.ts";
import { booleanOr } from "../cib/cib-boolean.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { attribute, descendants, type XmlElement } from "../xml/xml-element.ts";

export type AgentMetaData = {
  /** How it takes over changed parameters; undefined where only a restart does. */
  readonly reload: "reload" | "reload-agent" | undefined;
  /** Parameters whose change needs a restart; empty without a reload. */
  readonly restartParameters: readonly string[];
  readonly secretParameters: readonly string[];
};

export function parseAgentMetaData(text: string): Result<AgentMetaData> {
  const parsed = parseAgentXml(text);
  if (!parsed.ok) return parsed;
  const all = [...descendants(parsed.value)];
  const parameters = all.filter(({ name }) => name === "parameter");
  const actions = all
    .filter(({ name }) => name === "action")
    .map((each) => attribute(each, "name"));
  const reload = ["reload-agent", "reload"].find((each) => actions.includes(each));
  const named = (isMeant: (each: XmlElement) => boolean): readonly string[] =>
    parameters.filter(isMeant).flatMap((each) => attribute(each, "name") ?? []);
  return ok({
    reload: reload as AgentMetaData["reload"],
    restartParameters: reload === undefined ? [] : named((each) => needsRestart(each, reload)),
    secretParameters: named((each) => isSet(each, "private")),
  });
}

/** The older reload takes everything over that does not tell one instance from another. */
function needsRestart(parameter: XmlElement, reload: string): boolean {
  return reload === "reload-agent" ? !isSet(parameter, "reloadable") : isSet(parameter, "unique");
}

function isSet(parameter: XmlElement, name: string): boolean {
  return booleanOr(attribute(parameter, name), false);
}

/** Without the prose between the tags, which is not always XML. */
export function parseAgentXml(text: string): Result<XmlElement> {
  const start = text.indexOf("<resource-agent");
  if (start < 0) return err("its metadata has no <resource-agent>");
  const tags = text.slice(start).replace(/>[^<]+</g, "><");
  const parsed = parseXml(tags.trimEnd());
  return parsed.ok ? parsed : err(`its metadata is no XML: ${parsed.error.message}`);
}
