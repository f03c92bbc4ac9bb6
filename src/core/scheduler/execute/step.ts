/** What a simulated execution did, and what was supposed before it, in order. */

export type Step =
  | { readonly kind: "pseudo"; readonly key: string; readonly node: string | undefined }
  | {
      readonly kind: "resource";
      readonly resource: string;
      readonly task: string;
      readonly intervalMs: number;
      readonly node: string;
    }
  | {
      readonly kind: "cluster";
      readonly task: string;
      readonly resource: string | undefined;
      readonly node: string;
    }
  | { readonly kind: "fence"; readonly node: string; readonly how: string }
  /** As it was asked for: the operation before ended with this code, and the transition with it. */
  | { readonly kind: "failed"; readonly actionId: number; readonly rc: number }
  | AttributeSet;

/** A node attribute of the status section was set; the value may count ("value++"). */
export type AttributeSet = {
  readonly kind: "attribute";
  readonly nodeId: string;
  readonly name: string;
  readonly value: string;
};

export type Supposition =
  | { readonly kind: "quorum" | "watchdog"; readonly value: string }
  | { readonly kind: "node"; readonly event: "up" | "down" | "fail"; readonly node: string }
  | {
      readonly kind: "ticket";
      readonly event: "grant" | "revoke" | "standby" | "activate";
      readonly ticket: string;
    }
  /** RESOURCE_TASK_INTERVAL@NODE=RC */
  | { readonly kind: "operation"; readonly spec: string };
