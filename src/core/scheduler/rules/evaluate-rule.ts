/**
 * Rules: conditions joined by and/or that decide whether a block of values or a location constraint applies. Which
 * kinds of condition make sense where is the caller's: what is missing from the input does not hold.
 */
import { intervalMsOr } from "../../../formats/cib/interval.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { type AttributeSources, attributeExpressionHolds } from "./attribute-expression.ts";
import { type ChangeListener, dateExpressionHolds } from "./date-expression.ts";

export type RuleInput = AttributeSources & {
  /** Seconds since 1970. */
  readonly now: number;
  readonly agentClass?: string | undefined;
  readonly agentProvider?: string | undefined;
  readonly agentType?: string | undefined;
  readonly operation?: string | undefined;
  readonly intervalMs?: number | undefined;
};

export type RuleContext = {
  readonly input: RuleInput;
  readonly onChange: ChangeListener;
  /** The element that an id-ref stands for. */
  readonly resolve: (element: XmlElement) => XmlElement | undefined;
};

export function ruleHolds(given: XmlElement, context: RuleContext): boolean {
  return holds(given, context, new Map());
}

/**
 * What is known of rules that were met, each looked at once: by id-refs a few rules stand for any number of conditions. A
 * rule that is met inside itself does not hold.
 */
type Known = Map<XmlElement, boolean>;

function holds(given: XmlElement, context: RuleContext, known: Known): boolean {
  const rule = context.resolve(given);
  if (rule === undefined) return false;
  const before = known.get(rule);
  if (before !== undefined) return before;
  known.set(rule, false);
  const result = joined(rule, context, known);
  known.set(rule, result);
  return result;
}

function joined(rule: XmlElement, context: RuleContext, known: Known): boolean {
  const join = (attribute(rule, "boolean-op") ?? "and").toLowerCase();
  if (join !== "and" && join !== "or") return false;
  if (rule.children.length === 0) return true;
  return join === "and"
    ? rule.children.every((condition) => conditionHolds(condition, context, known))
    : rule.children.some((condition) => conditionHolds(condition, context, known));
}

function conditionHolds(condition: XmlElement, context: RuleContext, known: Known): boolean {
  const { input } = context;
  switch (condition.name) {
    case "rule":
      return holds(condition, context, known);
    case "expression":
      return attributeExpressionHolds(condition, input);
    case "date_expression":
      return dateExpressionHolds(condition, input.now, context.onChange);
    case "rsc_expression":
      return (
        same(condition, "class", input.agentClass) &&
        same(condition, "provider", input.agentProvider) &&
        same(condition, "type", input.agentType)
      );
    case "op_expression":
      return operationMatches(condition, input);
    default:
      return false;
  }
}

/** An attribute that is not given matches everything. */
function same(condition: XmlElement, name: string, actual: string | undefined): boolean {
  const wanted = attribute(condition, name);
  return wanted === undefined || wanted === actual;
}

function operationMatches(condition: XmlElement, input: RuleInput): boolean {
  if (attribute(condition, "name") !== input.operation) return false;
  const interval = attribute(condition, "interval");
  return interval === undefined || intervalMsOr(interval, 0) === (input.intervalMs ?? 0);
}
