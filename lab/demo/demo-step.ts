/** One step of the demo, as data: a command as a person types it, on a host. */
export type DemoStep = {
  readonly host: string;
  readonly command: string;
  /** Exit codes that are right; 0 when absent. */
  readonly exits?: readonly number[];
  /** The command is repeated until this holds for its output; what is shown is the last one. */
  readonly until?: { readonly what: string; holds(output: string): boolean };
  /** How long it may take in all; two minutes when absent. */
  readonly limitMs?: number;
  /** Shown like any other, but its output is for the demo's own reading. */
  readonly silent?: boolean;
};

/** What is recorded of a step that was done. */
export type DoneStep = {
  readonly host: string;
  readonly command: string;
  readonly exit: number;
  readonly seconds: number;
};

export type Chapter = { readonly title: string; readonly steps: readonly DemoStep[] };
