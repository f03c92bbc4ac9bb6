/** Error codes HF9xxx: everything: daemons that do not answer, bugs of ours. */
export const generalErrors = {
  HF9001: "internal error: an assertion of Holdfast's own failed",
  HF9002: "the daemon does not answer",
  HF9003: "the request is not understood",
} as const;
