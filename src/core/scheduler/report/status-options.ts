/** What a status is to tell beside what is active where. */
export type StatusOptions = {
  /** Show operations that are under way. */
  readonly pending: boolean;
  /** Also what the cluster made for itself. */
  readonly implicit?: boolean;
};
