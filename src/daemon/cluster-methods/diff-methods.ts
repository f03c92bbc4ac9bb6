/** The methods of crm_diff: two CIBs compared, and a patch applied to one; neither is the cluster's own. */
import type { CibMethods } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { patchCib } from "../../core/cib/patch/patch-cib.ts";
import { xmlDiff } from "../../core/cib/patch/xml-diff.ts";
import { withoutPositions } from "../../core/cib/tree.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { asUserError } from "./cib-desk.ts";
import { flagParam, objectParam, type Params, textParam } from "./params.ts";
import { parsed } from "./parsed.ts";
import { patchFromXml } from "./xml-patch.ts";

export const diffMethods: Pick<
  Readonly<Record<keyof CibMethods, ControlMethod>>,
  "cib-diff" | "cib-patched"
> = {
  "cib-diff": (params) => {
    const [original, other] = [given(params, "original"), given(params, "other")];
    if (original.name !== other.name) {
      throw new UserError("HF4005", `<${original.name}> and <${other.name}> are not comparable`, {
        exit: 65,
        remedy: "Give two CIBs, or the same section of both.",
      });
    }
    const versions = flagParam(params, "versions");
    const diff = xmlDiff(original, other, { versions, digest: flagParam(params, "digest") });
    return { text: diff === undefined ? "" : printXml(diff) };
  },
  "cib-patched": (params) => {
    const original = given(params, "original");
    const patched = patchCib(original, patchFromXml(original, given(params, "patch")));
    if (!patched.ok) throw asUserError(patched.error);
    return { text: printXml(patched.value) };
  },
};

function given(params: Params, name: string): XmlElement {
  const text = objectParam(params, name);
  return withoutPositions(parsed(textParam(text, "xml"), textParam(text, "source")));
}
