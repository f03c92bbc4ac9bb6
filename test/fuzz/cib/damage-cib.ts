/** Damages of a CIB by chance: attributes and elements that are gone, double, renamed, somewhere else, or of wrong values. */
import type { Prng } from "../../../src/base/prng.ts";
import { changeAt, elementAt, type Path } from "../../../src/core/cib/tree.ts";
import {
  descendants,
  withAttributes,
  type XmlElement,
} from "../../../src/formats/xml/xml-element.ts";

const oddValues: readonly string[] = [
  ...[
    "",
    " ",
    "x",
    "1x",
    "a b",
    "é",
    "x:y",
    "-x",
    "_x",
    "x.y",
    "a,b",
    "a,,b",
    "true",
    "TRUE",
    "yes",
  ],
  ...["0", "1", "-1", "+1", "1.5", "007", " 5 ", "99999999999999999999", "INFINITY", "+INFINITY"],
  ...[
    "-INFINITY",
    "infinity",
    "1e3",
    "Started",
    "started",
    "start",
    "in_range",
    "ocf",
    "gt",
    "moon",
  ],
  ...["pacemaker-3.9", "exclusive", "Mandatory", "monitor", "2026-01-01", "100-200", "#default"],
];
const otherNames: readonly string[] = [
  ...["colour", "id", "id-ref", "name", "value", "score", "description", "xml:lang", "ID", "start"],
];

/** What can stand in a CIB, gathered from some that are valid. */
export type Vocabulary = {
  readonly elements: readonly XmlElement[];
  readonly attributes: readonly string[];
  readonly values: readonly string[];
};

export function vocabularyOf(cibs: readonly XmlElement[]): Vocabulary {
  const elements = cibs.flatMap((cib) => [...descendants(cib)]);
  const unique = (list: readonly string[]): readonly string[] => [...new Set(list)].sort();
  return {
    elements,
    attributes: unique([...elements.flatMap((of) => Object.keys(of.attributes)), ...otherNames]),
    values: unique([...elements.flatMap((of) => Object.values(of.attributes)), ...oddValues]),
  };
}

export type Damaged = { readonly cib: XmlElement; readonly what: string };

/** One to three damages of the configuration. The status section, which no schema describes, stays. */
export function damageCib(cib: XmlElement, prng: Prng, words: Vocabulary): Damaged {
  let damaged: Damaged = { cib, what: "" };
  const times = 1 + (prng.below(3) === 0 ? prng.below(3) : 0);
  for (let i = 0; i < times; i++) {
    const { cib: next, what } = damageOnce(damaged.cib, prng, words);
    damaged = { cib: next, what: damaged.what === "" ? what : `${damaged.what}; ${what}` };
  }
  return damaged;
}

function damageOnce(cib: XmlElement, prng: Prng, words: Vocabulary): Damaged {
  const paths = pathsOf(cib, []);
  const at = prng.pick(paths);
  const of = elementAt(cib, at) as XmlElement;
  const own = Object.keys(of.attributes);
  const name = prng.pick(own.length > 0 && prng.below(2) === 0 ? own : words.attributes);
  const value = prng.pick(words.values);
  const stranger = prng.pick(words.elements);
  const neighbour = elementAt(cib, prng.pick(paths)) as XmlElement;
  const { children } = of;
  const place = prng.below(children.length + 1);
  const kinds: Readonly<Record<string, () => XmlElement | undefined>> = {
    "take out an attribute": () => withAttributes(of, { [name]: undefined }),
    "set an attribute": () => withAttributes(of, { [name]: value }),
    "set its own attribute": () => withAttributes(of, { [own[0] ?? "id"]: value }),
    rename: () => ({ ...of, name: stranger.name }),
    "take out": () => (at.length === 0 ? of : undefined),
    "put in a stranger": () => ({ ...of, children: children.toSpliced(place, 0, stranger) }),
    "put in a bare stranger": () => ({
      ...of,
      children: children.toSpliced(place, 0, { ...stranger, children: [] }),
    }),
    "put in a neighbour": () => ({ ...of, children: children.toSpliced(place, 0, neighbour) }),
    "double a child": () => ({ ...of, children: [...children, ...children.slice(0, 1)] }),
    "reverse the children": () => ({ ...of, children: children.toReversed() }),
    "take out all children": () => ({ ...of, children: [] }),
  };
  const kind = prng.pick(Object.keys(kinds));
  const id = of.attributes["id"] ?? "";
  const what = `${kind} of <${of.name} ${id}> (${name}="${value}", <${stranger.name}>, <${neighbour.name}>, ${place})`;
  return { what, cib: changeAt(cib, at, kinds[kind] as () => XmlElement | undefined) };
}

/** The root, and everything outside of the status section. */
function pathsOf(root: XmlElement, at: Path): readonly Path[] {
  const of = elementAt(root, at) as XmlElement;
  if (of.name === "status") return [];
  return [at, ...of.children.flatMap((_, i) => pathsOf(root, [...at, i]))];
}
