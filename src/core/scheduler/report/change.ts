/** What a transition changes, in the terms of people: one entry for a node or resource that does not stay as it is. */

export type Change = NodeChange | ResourceChange;

export type NodeChange = {
  readonly kind: "node";
  readonly change: "shutdown" | "fence";
  /** reboot or off. */
  readonly how: string | undefined;
  readonly node: string;
  /** The resource inside which a guest node runs. */
  readonly guestOf: string | undefined;
  readonly reason: string | undefined;
};

export type ResourceChangeKind =
  | "start"
  | "stop"
  | "move"
  | "migrate"
  | "recover"
  | "restart"
  | "reload"
  | "promote"
  | "demote"
  | "re-promote";

export type ResourceChange = {
  readonly kind: "resource";
  readonly change: ResourceChangeKind;
  readonly resource: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly role: string;
  readonly nextRole: string;
  /** The roles matter: it is or becomes promoted or unpromoted. */
  readonly showsRole: boolean;
  readonly reason: string | undefined;
  /** It should be done but cannot. */
  readonly blocked: boolean;
};
