/** The schema of <constraints>. */
import {
  type AttributeTypes,
  atMostOne,
  type ChildRule,
  type ElementDescription,
  type ElementForm,
  oneOrMore,
} from "./element-form.ts";
import { roleNames } from "./resource-forms.ts";
import type { ValueType } from "./value-type.ts";

const role: ValueType = { oneOf: roleNames };
const action: ValueType = { oneOf: ["start", "promote", "demote", "stop"] };
const kind: ValueType = { oneOf: ["Optional", "Mandatory", "Serialize"] };
const lifetime: ChildRule = { is: "lifetime", ...atMostOne };
const sets: ChildRule = { is: "resource_set", ...oneOrMore };

export const constraintForms: Readonly<Record<string, ElementDescription>> = {
  constraints: [
    {
      children: {
        rsc_location: { is: "rsc_location" },
        rsc_colocation: { is: "rsc_colocation" },
        rsc_order: { is: "rsc_order" },
        rsc_ticket: { is: "rsc_ticket" },
      },
    },
  ],
  rsc_location: [
    locationForm({ by: { rsc: "reference" }, where: "node" }),
    locationForm({ by: { "rsc-pattern": "text" }, where: "node" }),
    locationForm({ by: {}, where: "node" }),
    locationForm({ by: { rsc: "reference" }, where: "rule" }),
    locationForm({ by: { "rsc-pattern": "text" }, where: "rule" }),
    locationForm({ by: {}, where: "rule" }),
  ],
  rsc_colocation: [
    {
      when: { rsc: undefined },
      required: { id: "id", rsc: "reference", "with-rsc": "reference" },
      optional: {
        score: "score",
        influence: "text",
        "node-attribute": "text",
        "rsc-role": role,
        "with-rsc-role": role,
      },
      children: { lifetime },
    },
    {
      required: { id: "id" },
      optional: { score: "score", influence: "text" },
      children: { lifetime, resource_set: sets },
      ordered: true,
      hint: "It names rsc and with-rsc, or holds <resource_set> elements.",
    },
  ],
  rsc_order: [
    {
      when: { first: undefined },
      // biome-ignore lint/suspicious/noThenProperty: the attribute is called so.
      required: { id: "id", first: "reference", then: "reference" },
      optional: { ...orderOptions(), "first-action": action, "then-action": action },
      notTogether: ["score", "kind"],
      children: { lifetime },
    },
    {
      required: { id: "id" },
      optional: orderOptions(),
      notTogether: ["score", "kind"],
      children: { lifetime, resource_set: sets },
      ordered: true,
      hint: "It names first and then, or holds <resource_set> elements.",
    },
  ],
  rsc_ticket: [
    {
      when: { rsc: undefined },
      required: { id: "id", rsc: "reference", ticket: "text" },
      optional: { "rsc-role": role, ...lossPolicy() },
    },
    {
      required: { id: "id", ticket: "text" },
      optional: lossPolicy(),
      children: { resource_set: sets },
      hint: "It names rsc, or holds <resource_set> elements.",
    },
  ],
  resource_set: [
    { when: { "id-ref": undefined }, required: { "id-ref": "reference" } },
    {
      required: { id: "id" },
      optional: {
        sequential: "boolean",
        "require-all": "boolean",
        ordering: { oneOf: ["group", "listed"] },
        action,
        role,
        score: "score",
        kind,
      },
      notTogether: ["score", "kind"],
      children: { resource_ref: { is: "resource_ref", ...oneOrMore } },
    },
  ],
  resource_ref: [{ required: { id: "reference" } }],
  lifetime: [{ children: { rule: { is: "rule", ...oneOrMore } } }],
};

/** A location constraint says which resource (by name, pattern or sets) and where (a node and score, or rules). */
function locationForm(parts: {
  readonly by: AttributeTypes;
  readonly where: "node" | "rule";
}): ElementForm {
  const bySet = Object.keys(parts.by).length === 0;
  const atNode = parts.where === "node";
  const when = Object.fromEntries(
    [...Object.keys(parts.by), ...(atNode ? ["node"] : [])].map((name) => [name, undefined]),
  );
  return {
    when,
    required: { id: "id", ...parts.by, ...(atNode ? { node: "text", score: "score" } : {}) },
    optional: {
      ...(bySet ? {} : { role }),
      "resource-discovery": { oneOf: ["always", "never", "exclusive"] },
    },
    children: {
      ...(bySet ? { resource_set: sets } : {}),
      ...(atNode ? {} : { rule: { is: "rule", ...oneOrMore } }),
      lifetime,
    },
    ordered: true,
    hint: "It names rsc or rsc-pattern (or holds <resource_set> elements), and node with score (or holds <rule> elements).",
  };
}

function orderOptions(): AttributeTypes {
  return { symmetrical: "boolean", "require-all": "boolean", score: "score", kind };
}

function lossPolicy(): AttributeTypes {
  return { "loss-policy": { oneOf: ["stop", "demote", "fence", "freeze"] } };
}
