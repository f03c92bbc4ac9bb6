/**
 * Whether running a transition would do nothing at all. Points in the order alone do nothing: utilization leaves such a
 * graph for as long as something finds no room.
 */
export function doesNothing(graph: {
  readonly synapses: readonly { readonly action: { readonly kind: string } }[];
}): boolean {
  return graph.synapses.every(({ action }) => action.kind === "pseudo");
}
