/** An element written for an older CIB, and all that is in it -> the same in today's form. */
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { translateAcls } from "./old-acls.ts";
import { translateAttributes, translateCibAttributes, translateStatus } from "./old-attributes.ts";
import {
  translateColocation,
  translateDateExpression,
  translateOrder,
  translateRule,
} from "./old-constraint.ts";
import { resourceNames, setNames, unwrapped } from "./old-form.ts";
import { translateOperation } from "./old-operation.ts";
import { translateResource } from "./old-resource.ts";
import { translateOptionSet } from "./option-set.ts";
import { note, type Translation } from "./translation.ts";

/** What moves elsewhere is added to `on.moved`, what is said differently to `on.notices`. */
export function translateElement(on: Translation, root: XmlElement): XmlElement {
  return translate(on, root, undefined);
}

function translate(on: Translation, of: XmlElement, parent: XmlElement | undefined): XmlElement {
  if (of.name === "status") return translateStatus(on, of);
  const spelled = translateAttributes(on, of);
  const opened = setNames.has(of.name) ? withoutWrapper(on, spelled) : spelled;
  const inner = withChildren(
    opened,
    opened.children.map((child) => translate(on, child, of)),
  );
  return translateItself(on, inner, parent);
}

/** The children are translated already. */
function translateItself(
  on: Translation,
  of: XmlElement,
  parent: XmlElement | undefined,
): XmlElement {
  if (resourceNames.has(of.name) || of.name === "template") return translateResource(on, of);
  switch (of.name) {
    case "cib":
      return translateCibAttributes(on, of);
    case "cluster_property_set":
      return translateOptionSet(on, of);
    case "node":
      return translateNode(on, of);
    case "op":
      // In a resource the resource itself does it: it takes what its operations required.
      return parent === undefined ? translateOperation(on, of).op : of;
    case "operations":
      return parent === undefined ? translateLooseOperations(on, of) : of;
    case "acls":
      return translateAcls(on, of);
    case "rsc_colocation":
      return translateColocation(on, of);
    case "rsc_order":
      return translateOrder(on, of);
    case "rule":
      return translateRule(on, of, parent?.name === "rsc_location");
    case "date_expression":
      return translateDateExpression(on, of);
    default:
      return of;
  }
}

function translateLooseOperations(on: Translation, operations: XmlElement): XmlElement {
  return withChildren(
    operations,
    operations.children.map((each) =>
      each.name === "op" ? translateOperation(on, each).op : each,
    ),
  );
}

/** The pairs of a set stood in <attributes>, and rules beside it. */
function withoutWrapper(on: Translation, set: XmlElement): XmlElement {
  if (!set.children.some((child) => child.name === "attributes")) return set;
  const why = "The pairs stand in the set itself.";
  note(on, "HF4100", { of: set, from: "<attributes>", to: "", why });
  return withChildren(set, set.children.flatMap(unwrapped));
}

function translateNode(on: Translation, node: XmlElement): XmlElement {
  if (attribute(node, "type") !== "normal") return node;
  const why = "It is called so today.";
  note(on, "HF4107", { of: node, from: "type=normal", to: "type=member", why });
  return withAttributes(node, { type: "member" });
}
