/**
 * Name-value sets merged as Pacemaker merges them: the set with the highest score first, of equal scores the last in
 * the document; the first to name a value decides. "#default" takes a value away again. A set, and a pair in it, may
 * be a reference (id-ref) to another.
 */
import { scoreOr } from "../../../decision/score.ts";
import {
  attribute,
  childrenNamed,
  descendants,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { sectionOf } from "../sections.ts";

export type NameValues = ReadonlyMap<string, string>;

/** What reading needs besides an element: the whole CIB, its ids, and a judge of rules. */
export type ReadContext = {
  readonly cib: XmlElement;
  /** By the element's name and id, with a blank between them. */
  readonly byId: ReadonlyMap<string, XmlElement>;
  /** Whether a rule holds: a set with a <rule> counts only then. */
  readonly holds: RuleTest;
};

export type RuleTest = (rule: XmlElement) => boolean;

/** For readers that show what is set whatever the time and the node are. */
export const noRuleHolds: RuleTest = () => false;

export function readContext(cib: XmlElement, holds: RuleTest): ReadContext {
  const byId = new Map<string, XmlElement>();
  for (const each of descendants(sectionOf(cib, "configuration") ?? cib)) {
    const id = attribute(each, "id");
    const key = `${each.name} ${id}`;
    if (id !== undefined && !byId.has(key)) byId.set(key, each);
  }
  return { cib, byId, holds };
}

/** The element that an id-ref stands for; the element itself where it has none, undefined where it leads nowhere. */
export function resolved(context: ReadContext, of: XmlElement): XmlElement | undefined {
  const reference = attribute(of, "id-ref");
  return reference === undefined ? of : context.byId.get(`${of.name} ${reference}`);
}

/**
 * Adds the values of the sets called `setName` among the children of `parent` to `into`, which keeps what it has.
 * @param firstId the id of a set that comes before all others whatever their scores are.
 */
export function addValues(
  context: ReadContext,
  into: Map<string, string>,
  sets: { readonly parent: XmlElement; readonly setName: string; readonly firstId?: string },
): void {
  const found = childrenNamed(sets.parent, sets.setName)
    .map((each) => resolved(context, each))
    .filter((each) => each !== undefined)
    .reverse();
  const rank = (set: XmlElement): number =>
    attribute(set, "id") === sets.firstId
      ? Number.POSITIVE_INFINITY
      : scoreOr(attribute(set, "score"), 0);
  // Sorting is stable: of equal scores the last in the document stays first.
  for (const set of found.sort((a, b) => rank(b) - rank(a) || 0)) addSet(context, into, set);
}

/** Of one kind of sets in one element. */
export function valuesOf(context: ReadContext, parent: XmlElement, setName: string): NameValues {
  const values = new Map<string, string>();
  addValues(context, values, { parent, setName });
  return values;
}

/** What is set in <crm_config>, by the names that stand there. */
export function clusterOptionValues(context: ReadContext): NameValues {
  const values = new Map<string, string>();
  const parent = sectionOf(context.cib, "crm_config");
  const firstId = "cib-bootstrap-options";
  if (parent) addValues(context, values, { parent, setName: "cluster_property_set", firstId });
  return values;
}

function addSet(context: ReadContext, into: Map<string, string>, set: XmlElement): void {
  const [rule] = childrenNamed(set, "rule");
  if (rule !== undefined) {
    const real = resolved(context, rule);
    if (real === undefined || !context.holds(real)) return;
  }
  for (const pair of childrenNamed(set, "nvpair")) {
    const target = resolved(context, pair);
    const name = attribute(pair, "name") ?? (target && attribute(target, "name"));
    const value = attribute(pair, "value") ?? (target && attribute(target, "value"));
    if (name === undefined || value === undefined) continue;
    if (value.toLowerCase() === "#default") into.delete(name);
    else if (!into.has(name)) into.set(name, value);
  }
}
