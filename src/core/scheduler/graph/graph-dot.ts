/** The transition as a picture for Graphviz (dot), as crm_simulate -D draws it: what is done in green, and the order. */
import type { GraphAction, TransitionGraph } from "./transition-graph.ts";

export function graphToDot({ synapses }: TransitionGraph): string {
  const names = new Map(synapses.map(({ action }) => [action.id, nameOf(action)]));
  const lines = synapses.flatMap(({ action, inputs }) => {
    const name = names.get(action.id);
    const color = action.kind === "pseudo" ? "orange" : "black";
    return [
      `"${name}" [ style=bold color="green" fontcolor="${color}"]`,
      ...inputs.map((input) => `"${names.get(input.id)}" -> "${name}" [ style = bold]`),
    ];
  });
  return ` digraph "g" {\n${lines.map((line) => `${line}\n`).join("")}}\n`;
}

function nameOf({ key, node, kind, operation, attributes }: GraphAction): string {
  if (kind === "cluster" && operation === "stonith") {
    const how = attributes.find(([name]) => name === "CRM_meta_stonith_action")?.[1];
    return `stonith '${how}' ${node?.name}`;
  }
  return node === undefined ? key : `${key} ${node.name}`;
}
