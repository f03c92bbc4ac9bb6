/** A CIB against the schema: every finding names the element, its id, its line and the reason. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { describedAs } from "./cib-schema.ts";
import type { ChildRule, ElementDescription, ElementForm } from "./element-form.ts";
import type { SchemaFinding } from "./finding.ts";
import { type ValueType, valueProblem } from "./value-type.ts";

/** More findings than this help nobody. */
const findingsMax = 50;

/** Empty when the CIB is valid. */
export function validateCib(cib: XmlElement): readonly SchemaFinding[] {
  const run: Run = { findings: [], ids: new Map(), references: [] };
  if (cib.name === "cib") checkElement(run, { of: cib, is: "cib", path: "/cib" });
  else report(run, { of: cib, path: `/${cib.name}` }, "the root element must be <cib>");
  for (const { at, name, value } of run.references) {
    if (run.ids.has(value)) continue;
    report(run, at, `${name} "${shown(value)}" is not the id of anything in the configuration`);
  }
  return run.findings;
}

type Place = { readonly of: XmlElement; readonly path: string };

type Run = {
  readonly findings: SchemaFinding[];
  /** Ids with the element that had them first. */
  readonly ids: Map<string, XmlElement>;
  readonly references: { readonly at: Place; readonly name: string; readonly value: string }[];
};

function checkElement(run: Run, at: Place & { readonly is: string }): void {
  const description = describedAs(at.is);
  if (description === undefined) return;
  const form = formOf(at.of, description);
  checkAttributes(run, at, form);
  checkChildren(run, at, form);
}

function formOf(of: XmlElement, description: ElementDescription): ElementForm {
  const fits = (form: ElementForm): boolean =>
    Object.entries(form.when ?? {}).every(([name, value]) => {
      const own = attribute(of, name);
      return own !== undefined && (value === undefined || own.trim() === value);
    });
  return description.find(fits) ?? description.at(-1) ?? {};
}

function checkAttributes(run: Run, at: Place, form: ElementForm): void {
  const { required = {}, optional = {}, notTogether = [], someOf = [] } = form;
  for (const name of Object.keys(required)) {
    if (attribute(at.of, name) === undefined) report(run, at, `needs the attribute ${name}`, form);
  }
  for (const [name, value] of Object.entries(at.of.attributes)) {
    const type = own(required, name) ?? own(optional, name);
    if (type === undefined) report(run, at, `has the unknown attribute ${shown(name)}`, form);
    else checkValue(run, at, { name, value, type });
  }
  const together = notTogether.filter((name) => attribute(at.of, name) !== undefined);
  if (together.length > 1) report(run, at, `cannot have both ${together.join(" and ")}`);
  if (someOf.length > 0 && someOf.every((name) => attribute(at.of, name) === undefined)) {
    report(run, at, `needs ${someOf.join(" or ")}`);
  }
}

function checkValue(
  run: Run,
  at: Place,
  {
    name,
    value,
    type,
  }: { readonly name: string; readonly value: string; readonly type: ValueType },
): void {
  const problem = valueProblem(type, value);
  if (problem !== undefined) {
    report(run, at, `${name} "${shown(value)}" ${problem}`);
    return;
  }
  const id = value.trim();
  if (type === "reference") run.references.push({ at, name, value: id });
  if (type !== "id") return;
  const first = run.ids.get(id);
  if (first === undefined) {
    run.ids.set(id, at.of);
    return;
  }
  const line = first.position === undefined ? "" : ` in line ${first.position.line}`;
  report(run, at, `the id is taken by the <${first.name}>${line} already`);
}

function checkChildren(run: Run, at: Place, form: ElementForm): void {
  const { children = {}, together } = form;
  const counts = new Map<string, number>();
  let furthest = 0;
  for (const child of at.of.children) {
    const place: Place = { of: child, path: `${at.path}/${label(child)}` };
    const rule = own(children, child.name);
    if (rule === undefined) {
      report(run, place, `is not expected in <${at.of.name}>`, form);
      continue;
    }
    counts.set(child.name, (counts.get(child.name) ?? 0) + 1);
    const order = Object.keys(children).indexOf(child.name);
    if (form.ordered && order < furthest) {
      report(run, place, `must stand before <${Object.keys(children)[furthest]}>`);
    }
    furthest = Math.max(furthest, order);
    checkElement(run, { ...place, is: rule.is });
  }
  for (const [name, rule] of Object.entries(children)) {
    checkCount(run, at, { name: `<${name}>`, count: counts.get(name) ?? 0, rule, form });
  }
  if (together === undefined) return;
  const count = together.names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  const name = together.names.map((each) => `<${each}>`).join(" or ");
  checkCount(run, at, { name, count, rule: together, form });
}

function checkCount(
  run: Run,
  at: Place,
  {
    name,
    count,
    rule,
    form,
  }: {
    readonly name: string;
    readonly count: number;
    readonly rule: Pick<ChildRule, "least" | "most">;
    readonly form: ElementForm;
  },
): void {
  if (count < (rule.least ?? 0)) report(run, at, `needs ${name}`, form);
  if (rule.most !== undefined && count > rule.most) {
    report(run, at, `has ${count} times ${name}, and may have ${rule.most}`);
  }
}

function own<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function report(run: Run, at: Place, problem: string, form: ElementForm = {}): void {
  if (run.findings.length >= findingsMax) return;
  const reason = form.hint === undefined ? problem : `${problem}. ${form.hint}`;
  run.findings.push({
    element: tag(at.of),
    path: at.path,
    ...(at.of.position && { line: at.of.position.line, column: at.of.position.column }),
    reason,
  });
}

/** A value may have any length; a message for people may not. */
function shown(text: string): string {
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}…`;
}

const shownLengthMax = 100;

function tag(of: XmlElement): string {
  const id = attribute(of, "id");
  const name = shown(of.name);
  return id === undefined ? `<${name}>` : `<${name} id="${shown(id)}">`;
}

function label(of: XmlElement): string {
  const id = attribute(of, "id");
  const name = shown(of.name);
  return id === undefined ? name : `${name}[@id='${shown(id)}']`;
}
