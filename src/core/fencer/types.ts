/** The alphabet of the fencer: evidence, orders to power devices, and questions that it answers. */

/**
 * How something is known about a node that is not there. Each kind answers one question or the other, never a
 * question that it does not answer: whether the peer can execute guests, and whether our copy is whole.
 */
export type EvidenceKind =
  /** It said so: an orderly leave, its guests stopped. */
  | "left"
  /** Its host was started again: what it ran is gone. */
  | "rebooted"
  /** A fence device read back that its power is off, after the order. */
  | "power-off"
  /** A person, by name, confirms that it is off. */
  | "person-off"
  /** Nothing is heard of it, nor of its disk servers, and fencing is switched off: counts as death, loudly. */
  | "silence"
  /** A person, by name, says: use this copy and lose what it lacks. */
  | "person-copy"
  /** Connected and UpToDate when the loss began, remembered by this process. */
  | "up-to-date-at-loss"
  /** The peer wrote Outdated to its metadata for this request. */
  | "peer-outdated";

export type Evidence = {
  readonly kind: EvidenceKind;
  /** The node that it is about. */
  readonly about: string;
  /** For what answers the question of the copy: which DRBD resource. */
  readonly drbdResource?: string;
  /** The person's name. */
  readonly by?: string;
  /** Wall time in ms since 1970. */
  readonly since: number;
};

export type FenceAction = "off" | "reboot" | "on";

/** A power device as the CIB describes it (class stonith). */
export type FenceDevice = {
  readonly id: string;
  /** The agent's program: fence_apc … */
  readonly agent: string;
  readonly params: Readonly<Record<string, string>>;
};

/** Answered by exactly one `fence-agent-ended` with the token. */
export type RunFenceAgent = {
  readonly kind: "run-fence-agent";
  readonly token: number;
  /** The agent's program: fence_apc … */
  readonly agent: string;
  readonly action: "off" | "on" | "status" | "monitor" | "metadata" | "list";
  /** Options for its standard input; the target's name there ("port", "plug") is among them. pcmk_* are not. */
  readonly params: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

export type FenceAgentEnded = {
  readonly kind: "fence-agent-ended";
  readonly token: number;
  /**
   * done: exit status 0 of anything but status. on, off: what `status` said (exit status 0 or 2). Everything else,
   * a time limit included, failed.
   */
  readonly outcome: "done" | "on" | "off" | "failed" | "timed-out";
  /** What it said last; one sentence. */
  readonly message: string;
};

/** One line of the fencing history. */
export type FencingRecord = {
  readonly target: string;
  readonly action: FenceAction;
  /** Who asked: "cluster", or a person's name. */
  readonly origin: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "refused";
  readonly device?: string;
  /** Wall times in ms since 1970. */
  readonly began: number;
  readonly ended?: number;
  /** Why it failed or was refused, or whom it waits for. */
  readonly why?: string;
};
