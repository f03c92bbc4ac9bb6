/** The rules of location constraints in words: the scheduler's reasons name only their ids. */
import { sectionChildren } from "../../core/cib/sections.ts";
import { ruleText } from "../../formats/cib/rule-text.ts";
import { attribute, childrenNamed, type XmlElement } from "../../formats/xml/xml-element.ts";

/** By the rule's id: its constraint, and what it asks. */
export type RuleTexts = ReadonlyMap<string, string>;

export function ruleTexts(cib: XmlElement): RuleTexts {
  const texts = new Map<string, string>();
  for (const constraint of sectionChildren(cib, "constraints")) {
    for (const rule of childrenNamed(constraint, "rule")) {
      const [id, words] = [attribute(rule, "id"), ruleText(rule)];
      if (id === undefined || words === "") continue;
      texts.set(id, `${attribute(constraint, "id")}, its rule ${id} holds: ${words}`);
    }
  }
  return texts;
}

/** A reason that names a rule, with the rule. */
export function withRule(why: string, rules: RuleTexts): string {
  const id = /^location constraint (.+)$/.exec(why)?.[1];
  const rule = id === undefined ? undefined : rules.get(id);
  return rule === undefined ? why : `location constraint ${rule}`;
}
