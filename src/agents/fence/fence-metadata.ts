/** What a fence agent says of itself (the fence agents' API: `action=metadata`). */
import { err, ok, type Result } from "../../base/result.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { attribute, descendants } from "../../formats/xml/xml-element.ts";

export type FenceMetadata = {
  readonly parameters: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
};

export function parseFenceMetadata(text: string): Result<FenceMetadata> {
  const start = text.indexOf("<resource-agent");
  if (start < 0) return err("its metadata has no <resource-agent>");
  // Descriptions are prose between the tags; nothing here reads them.
  const parsed = parseXml(
    text
      .slice(start)
      .replace(/>[^<]+</g, "><")
      .trimEnd(),
  );
  if (!parsed.ok) return err(`its metadata is no XML: ${parsed.error.message}`);
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
