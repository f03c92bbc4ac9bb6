/** The files that a node keeps of one transition, as texts. */
export type KeptFiles = {
  /** Who keeps them. */
  readonly node: string;
  /** What was decided about: a CIB. */
  readonly input: string;
  /** What came of it, as JSON; none where the DC did not live to write it. */
  readonly outcome?: string;
  /** The last input after it for which there was nothing to do. */
  readonly idle?: string;
};
