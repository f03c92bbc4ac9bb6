/** What a person has said about a split brain. */
export type ResolveOrder = {
  readonly resource: string;
  /** The nodes by name: whose copy stays, and whose changes go. */
  readonly keep: string;
  readonly lose: string;
};
