/** Error codes HF61xx: what is known of nodes that are not there, and fencing. */
export const fencingErrors = {
  HF6100: "a silent node counts as dead, because fencing is off",
  HF6101: "a node is silent, but not dead",
  HF6102: "a node that was said to be off is alive",
  HF6103: "a node was fenced",
  HF6104: "a node could not be fenced",
  HF6105: "a node must not be fenced: this node has not met it since its start",
  HF6106: "a node must not be fenced: nobody could go on with its guests",
  HF6107: "there is no fence device for the node",
  HF6108: "a fenced node could not be switched on again",
  HF6109: "a person's word counts as evidence",
  HF6110: "a disk waits: nothing proves that it may go on without its peer",
  HF6111: "that node is a member of the cluster: it is not off",
  HF6112: "the copy cannot be used",
  HF6113: "an order to fence waits for the other node",
  HF6114: "fencing is off: two guests may run",
} as const;
