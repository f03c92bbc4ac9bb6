/** Error codes HF464x and HF465x: holdfastd itself, and the guests that it is asked about. */
export const daemonErrors = {
  HF4640: "another holdfastd runs on this host",
  HF4641: "the daemon needs root",
  HF4642: "the stored CIB is damaged",
  HF4643: "the daemon could not be started in the background",
  HF4645: "the cluster still has something to do",
  HF4647: "only root may ask this of the daemon",
  HF4650: "a guest could not be started",
  HF4651: "a guest could not be stopped",
  HF4652: "there is no such guest on this node",
  HF4653: "the guest belongs to the cluster",
} as const;
