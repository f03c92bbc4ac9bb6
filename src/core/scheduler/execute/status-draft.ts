/** The status section while it is being changed: the tree of a CIB with its parts open for writing. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";

export type Draft = {
  readonly name: string;
  readonly attributes: Record<string, string>;
  children: Draft[];
};

export function draftOf(element: XmlElement): Draft {
  return {
    name: element.name,
    attributes: { ...element.attributes },
    children: element.children.map(draftOf),
  };
}

export function newDraft(name: string, attributes: Record<string, string | undefined> = {}): Draft {
  const draft: Draft = { name, attributes: {}, children: [] };
  setAttributes(draft, attributes);
  return draft;
}

export function setAttributes(draft: Draft, values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) draft.attributes[name] = value;
  }
}

export function childOf(draft: Draft, name: string): Draft | undefined {
  return draft.children.find((each) => each.name === name);
}

/** Made at the end if it is not there. */
export function childMade(
  draft: Draft,
  name: string,
  attributes: Record<string, string | undefined> = {},
): Draft {
  const known = childOf(draft, name);
  if (known !== undefined) return known;
  const made = newDraft(name, attributes);
  draft.children.push(made);
  return made;
}

/** The state of the node; known by id only, it gets the name, and where there is none it is made. */
export function nodeState(status: Draft, name: string, id: string): Draft {
  const states = status.children.filter((each) => each.name === "node_state");
  const byName = states.find((state) => attribute(state, "uname") === name);
  if (byName !== undefined) return byName;
  const byId = states.find((state) => attribute(state, "id") === id);
  if (byId !== undefined) {
    setAttributes(byId, { uname: name });
    return byId;
  }
  const made = newDraft("node_state", { id, uname: name });
  status.children.push(made);
  return made;
}
