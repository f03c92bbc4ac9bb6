/** What a command has around it: its terminal, its input, and the cluster that it asks. */
import type { ClusterClient } from "./cluster-client.ts";

export type CommandShell = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** All of standard input. */
  readonly readInput: () => string;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Its width and height in characters. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Made anew for each command; closed by who runs it. */
  readonly cluster: ClusterClient;
  /** For work on CIBs that needs no cluster. */
  readonly withoutCluster: () => ClusterClient;
};
