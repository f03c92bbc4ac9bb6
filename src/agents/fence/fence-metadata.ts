/** What a fence agent says of itself (the fence agents' API: `action=metadata`). */
import { ok, type Result } from "../../base/result.ts";
import { parseAgentXml } from "../../formats/ocf/agent-meta-data.ts";
import { attribute, descendants } from "../../formats/xml/xml-element.ts";

export type FenceMetadata = {
  readonly parameters: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
};

export function parseFenceMetadata(text: string): Result<FenceMetadata> {
  const parsed = parseAgentXml(text);
  if (!parsed.ok) return parsed;
  const named = (element: string): ReadonlySet<string> =>
    new Set(
      [...descendants(parsed.value)]
        .filter(({ name }) => name === element)
        .flatMap((each) => attribute(each, "name") ?? []),
    );
  return ok({ parameters: named("parameter"), actions: named("action") });
}

/** The parameter that names the node to the agent; undefined when it fences one thing only. */
export function presetHostArgument(metadata: FenceMetadata): string | undefined {
  return ["plug", "port"].find((name) => metadata.parameters.has(name));
}
