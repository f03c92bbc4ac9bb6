/**
 * A node's controller in the words of Pacemaker's (crmadmin --status). Of its states those are used that mean something
 * here; the first row that fits says it.
 */
import type { ClusterPhase } from "../../api/cluster-live.ts";

export type ControllerFacts = {
  readonly online: boolean;
  /** Heard, and not joined. */
  readonly pending: boolean;
  readonly isDc: boolean;
  /** As the node that answers sees the cluster; undefined for a CIB in a file. */
  readonly phase: ClusterPhase | undefined;
  /** The DC carries out what it has decided. */
  readonly transitionRuns: boolean;
};

export type ControllerState = {
  readonly word: string;
  readonly when: (facts: ControllerFacts) => boolean;
};

const controllerStates: readonly ControllerState[] = [
  { word: "S_STOPPING", when: ({ online }) => !online },
  { word: "S_PENDING", when: ({ pending }) => pending },
  { word: "S_STARTING", when: ({ phase }) => phase === "starting" },
  { word: "S_ELECTION", when: ({ phase }) => phase === "electing" },
  { word: "S_NOT_DC", when: ({ isDc }) => !isDc },
  { word: "S_INTEGRATION", when: ({ phase }) => phase === "joining" },
  { word: "S_TRANSITION_ENGINE", when: ({ transitionRuns }) => transitionRuns },
  { word: "S_IDLE", when: () => true },
];

export function controllerState(facts: ControllerFacts): string {
  return controllerStates.find((row) => row.when(facts))?.word ?? "S_ILLEGAL";
}
