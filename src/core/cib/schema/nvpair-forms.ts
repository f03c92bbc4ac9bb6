/** The schema of name-value sets and of the rules in them. */
import { atMostOne, type ElementDescription, exactlyOne } from "./element-form.ts";
import type { ValueType } from "./value-type.ts";

const idRefForm = { when: { "id-ref": undefined }, required: { "id-ref": "reference" } } as const;

const conditions: readonly string[] = [
  "expression",
  "date_expression",
  "rule",
  "rsc_expression",
  "op_expression",
];

export const ruleForms: Readonly<Record<string, ElementDescription>> = {
  rule: [
    idRefForm,
    {
      required: { id: "id" },
      optional: {
        "boolean-op": { oneOf: ["or", "and"] },
        role: "text",
        score: "score",
        "score-attribute": "text",
      },
      notTogether: ["score", "score-attribute"],
      children: Object.fromEntries(conditions.map((name) => [name, { is: name }])),
      together: { names: conditions, least: 1 },
    },
  ],
  expression: [
    {
      required: {
        id: "id",
        attribute: "text",
        operation: { oneOf: ["lt", "gt", "lte", "gte", "eq", "ne", "defined", "not_defined"] },
      },
      optional: {
        value: "text",
        type: { oneOf: ["string", "integer", "number", "version"] },
        "value-source": { oneOf: ["literal", "param", "meta"] },
      },
    },
  ],
  date_expression: [
    {
      when: { operation: "in_range" },
      required: { id: "id", operation: "text" },
      optional: { start: "text", end: "text" },
      someOf: ["start", "end"],
      children: { duration: { is: "duration", ...atMostOne } },
    },
    { when: { operation: "gt" }, required: { id: "id", operation: "text", start: "text" } },
    { when: { operation: "lt" }, required: { id: "id", operation: "text", end: "text" } },
    {
      when: { operation: "date_spec" },
      required: { id: "id", operation: "text" },
      children: { date_spec: { is: "date_spec", ...exactlyOne } },
    },
    { required: { id: "id", operation: { oneOf: ["in_range", "gt", "lt", "date_spec"] } } },
  ],
  rsc_expression: [
    { required: { id: "id" }, optional: { class: "text", provider: "text", type: "text" } },
  ],
  op_expression: [{ required: { id: "id", name: "text" }, optional: { interval: "text" } }],
  duration: [
    datePart([
      "years",
      "months",
      "weeks",
      "days",
      "hours",
      "minutes",
      "seconds",
      "monthdays",
      "weekdays",
      "yearsdays",
      "weekyears",
      "moon",
    ]),
  ],
  date_spec: [
    datePart([
      "years",
      "months",
      "monthdays",
      "hours",
      "minutes",
      "seconds",
      "yeardays",
      "weekyears",
      "weeks",
      "weekdays",
      "moon",
      "yearsdays",
    ]),
  ],
};

function datePart(names: readonly string[]): ElementDescription[number] {
  return {
    required: { id: "id" },
    optional: Object.fromEntries(names.map((each) => [each, "text"])),
  };
}

/** A set and its pairs; `of` names the set, `nameType` says which names its pairs may have. */
export function setForms(
  of: string,
  nameType: ValueType = "text",
): Record<string, ElementDescription> {
  return {
    [of]: [
      idRefForm,
      {
        required: { id: "id" },
        optional: { score: "score" },
        children: { rule: { is: "rule", ...atMostOne }, nvpair: { is: `${of} nvpair` } },
      },
    ],
    [`${of} nvpair`]: [
      { ...idRefForm, optional: { name: "text" } },
      { required: { id: "id", name: nameType }, optional: { value: "text" } },
    ],
  };
}
