/** <op>: disabled, prereq and a missing interval. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { note, type Translation } from "./translation.ts";

export type TranslatedOperation = {
  readonly op: XmlElement;
  /** What the operation wanted of its resource before it may run: today a meta attribute of the resource. */
  readonly requires?: string;
};

export function translateOperation(on: Translation, op: XmlElement): TranslatedOperation {
  const { op: plain, requires } = withoutRequires(on, withEnabled(on, op));
  const translated = withOnFail(on, withInterval(on, plain));
  return requires === undefined ? { op: translated } : { op: translated, requires };
}

function withEnabled(on: Translation, op: XmlElement): XmlElement {
  const disabled = attribute(op, "disabled");
  if (disabled === undefined) return op;
  const enabled = String(!booleanOr(disabled, false));
  const [from, to] = [`disabled=${disabled}`, `enabled=${enabled}`];
  note(on, "HF4101", { of: op, from, to, why: "The attribute is turned round today." });
  return withAttributes(op, { disabled: undefined, enabled });
}

function withInterval(on: Translation, op: XmlElement): XmlElement {
  if (!on.old || on.partial || attribute(op, "interval") !== undefined) return op;
  note(on, "HF4108", {
    of: op,
    from: "",
    to: "interval=0",
    why: "An operation names its interval.",
  });
  return withAttributes(op, { interval: "0" });
}

function withOnFail(on: Translation, op: XmlElement): XmlElement {
  if (attribute(op, "on-fail") !== "nothing") return op;
  const why = "It is called so today.";
  note(on, "HF4107", { of: op, from: "on-fail=nothing", to: "on-fail=ignore", why });
  return withAttributes(op, { "on-fail": "ignore" });
}

function withoutRequires(on: Translation, op: XmlElement): TranslatedOperation {
  const spelled = ["prereq", "requires"].filter((name) => attribute(op, name) !== undefined);
  const inSets = op.children.flatMap((set) => set.children.filter(isRequires));
  const [first] = [
    ...spelled.map((name) => attribute(op, name)),
    ...inSets.map((pair) => attribute(pair, "value")),
  ];
  if (first === undefined) return { op };
  const bare = withChildren(
    withAttributes(op, { prereq: undefined, requires: undefined }),
    op.children.map((set) =>
      withChildren(
        set,
        set.children.filter((each) => !isRequires(each)),
      ),
    ),
  );
  const from = `${spelled[0] ?? "requires"}=${first}`;
  const name = attribute(op, "name") ?? "";
  if (name !== "start" && name !== "promote") {
    const why = "Only start and promote ever asked for anything before they ran.";
    note(on, "HF4106", { of: op, from, to: "", why });
    return { op: bare };
  }
  const why = "What must be there before a start is a matter of the resource.";
  note(on, "HF4106", { of: op, from, to: `the resource's meta attribute requires=${first}`, why });
  return { op: bare, requires: first };
}

function isRequires(pair: XmlElement): boolean {
  return pair.name === "nvpair" && attribute(pair, "name") === "requires";
}
