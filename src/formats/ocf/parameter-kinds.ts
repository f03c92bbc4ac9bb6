/** What an agent's metadata say of its parameters, by name. */
export type ParameterKinds = {
  /** Those whose change needs a restart; undefined where the agent has no reload, and every change does. */
  readonly restart: readonly string[] | undefined;
  readonly secret: readonly string[];
};
