/** The alphabet of the fencer: evidence, orders to power devices, disks that ask, and questions that it answers. */
import type { Prng } from "../../base/prng.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

/**
 * How something is known about a node that is not there. Each kind answers one question or the other, never a
 * question that it does not answer: whether the peer can execute guests, and whether our copy is whole.
 */
export type EvidenceKind =
  /** It said so: an orderly leave, its guests stopped. */
  | "left"
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
  /** The metadata say that this copy went on without the peer's, which is the older since. */
  | "newer-generation"
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

/** What a disk server says of its DRBD resource, as far as the cluster needs it. */
export type DiskFacts = {
  /** The node at the other end. */
  readonly peer: string;
  readonly role: "Primary" | "Secondary" | "Unknown";
  /** DRBD's word for the worst of its volumes: UpToDate, Consistent, Outdated, Inconsistent, Diskless … */
  readonly disk: string;
  readonly peerRole: "Primary" | "Secondary" | "Unknown";
  readonly peerDisk: string;
  /** The two servers are connected (Connected, SyncSource, SyncTarget …): the peer's answers pings. */
  readonly connected: boolean;
  /** Guests' I/O is frozen until a fencing verdict. */
  readonly frozen: boolean;
  /**
   * It has gone on without the peer since they met (a bitmap UUID is set on every volume, DRBD's own mark of a newer
   * generation). Absent: not known.
   */
  readonly ahead?: boolean;
};

export type FencingPolicy = "dont-care" | "resource-and-stonith";

export type FenceAction = "off" | "reboot" | "on";

/** A power device as the CIB describes it (class stonith). */
export type FenceDevice = {
  readonly id: string;
  /** The agent's program: fence_apc … */
  readonly agent: string;
  /** Its own, and those named pcmk_*. */
  readonly params: Readonly<Record<string, string>>;
};

/** Answered by exactly one `fence-agent-ended` with the token. */
export type RunFenceAgent = {
  readonly kind: "run-fence-agent";
  readonly token: number;
  readonly device: FenceDevice;
  /** can-fence: whether the device, or its configuration, says that it can fence the node. */
  readonly action: "can-fence" | "off" | "on" | "status" | "monitor";
  /** The node that it is about; none for monitor. */
  readonly node: string | undefined;
  readonly timeoutMs: number;
};

export type FenceAgentEnded = {
  readonly kind: "fence-agent-ended";
  readonly token: number;
  /**
   * To `off`: "off" only if the device's status said so after the order. To `status`: "on" or "off". To `can-fence`: "yes" or
   * "no". To `on` and `monitor`: "done". Anything else, a time limit and every doubt included: "failed".
   */
  readonly outcome: "off" | "on" | "yes" | "no" | "done" | "failed";
  /** What it said last; one sentence. */
  readonly message: string;
};

export type FencerMessage =
  | { readonly kind: "evidence"; readonly evidence: readonly Evidence[] }
  /** The DRBD resource's connection is gone, but not this link: write Outdated to your metadata, unless Primary. */
  | { readonly kind: "outdate"; readonly id: number; readonly drbdResource: string }
  /** From the DC, whose own node is to be fenced. */
  | { readonly kind: "fence-me"; readonly action: FenceAction }
  | { readonly kind: "fence-me-reply"; readonly isDone: boolean; readonly why: string }
  /** The answer, by the request's number, after it was written. */
  | {
      readonly kind: "outdated";
      readonly id: number;
      readonly ok: boolean;
      readonly message: string;
    };

export type DiskEvent =
  /** What a disk server of this node says now; without facts: it is not there, or has ended. */
  | {
      readonly kind: "disk-facts";
      readonly drbdResource: string;
      readonly facts: DiskFacts | undefined;
    }
  /** A disk server asks whether it may go on without its peer; answered by `fence-verdict`, or never in doubt. */
  | {
      readonly kind: "fence-peer-request";
      readonly drbdResource: string;
      readonly request: number;
      readonly reason: "peer-lost" | "promotion";
    }
  /** The answer to `outdate-disk`: whether Outdated is in the metadata now. */
  | {
      readonly kind: "disk-outdated";
      readonly token: number;
      readonly ok: boolean;
      readonly message: string;
    }
  /** The answer to `force-copy`: whether the copy counts as UpToDate now. */
  | {
      readonly kind: "copy-forced";
      readonly token: number;
      readonly ok: boolean;
      readonly message: string;
    };

export type DiskEffect =
  /** To every disk server whose peer is that node: look whether it still answers (DRBD's ping-timeout). */
  | { readonly kind: "hint-peer-lost"; readonly peer: string }
  | {
      readonly kind: "set-disk-fencing-policy";
      readonly drbdResource: string;
      readonly policy: FencingPolicy;
    }
  /** DRBD's exit codes: 4 the peer is outdated, 7 it was fenced; nothing else is ever sent. */
  | {
      readonly kind: "fence-verdict";
      readonly drbdResource: string;
      readonly request: number;
      readonly exitCode: 4 | 7;
    }
  /** The peer goes on alone: write Outdated to this copy's metadata; refused while it is Primary. */
  | { readonly kind: "outdate-disk"; readonly token: number; readonly drbdResource: string }
  /** A person's word: this copy is UpToDate from now on (drbdadm primary --force, then secondary). */
  | { readonly kind: "force-copy"; readonly token: number; readonly drbdResource: string };

/** Why a person's request was refused. */
export type FencerRefusal = {
  readonly code: "HF6104" | "HF6111" | "HF6112" | "HF4009";
  readonly message: string;
  readonly remedy: string;
};

export type FencerEvent =
  /** Something that the fencer looks at has changed, or it is time. */
  | { readonly kind: "look" }
  | { readonly kind: "peer-joined"; readonly peer: string; readonly incarnation: bigint }
  | { readonly kind: "peer-restarted"; readonly peer: string }
  | {
      readonly kind: "peer-gone";
      readonly peer: string;
      readonly why: "lost" | "left";
      readonly incarnation: bigint | undefined;
      /** Since it was heard last. */
      readonly silentForMs: number;
    }
  | DiskEvent
  | FenceAgentEnded
  /** `id`: a client's; without one it is the cluster's own order. */
  | {
      readonly kind: "fence";
      readonly target: string;
      readonly action: FenceAction;
      /** priority-fencing-delay, where the target runs what is more important. */
      readonly delayMs?: number;
      readonly client: { readonly id: number; readonly by: string } | undefined;
    }
  | {
      readonly kind: "confirm-off";
      readonly id: number;
      readonly node: string;
      readonly by: string;
    }
  | {
      readonly kind: "use-copy";
      readonly id: number;
      readonly drbdResource: string;
      readonly by: string;
    }
  | { readonly kind: "message"; readonly from: string; readonly message: FencerMessage };

export type FencerEffect =
  | RunFenceAgent
  | DiskEffect
  | { readonly kind: "send"; readonly to: string; readonly message: FencerMessage }
  /** The end of the cluster's own order. */
  | {
      readonly kind: "fenced";
      readonly target: string;
      readonly action: FenceAction;
      readonly isDone: boolean;
      readonly why: string;
      /** In ms from now, when it is worth trying again. */
      readonly retryInMs: number | undefined;
    }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly outcome: { readonly message: string } | { readonly refusal: FencerRefusal };
    }
  /** What is known of absent nodes, or of disks, is another: the controller looks, readiness is told. */
  | { readonly kind: "changed" }
  | FencerNotice;

export type FencerNotice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
  readonly code: `HF61${string}`;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
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

/** Whether the node's guests could go on elsewhere if it were off. */
export type CopiesWithout = {
  /** Resources with replicated disks, active there or here, whose copy is whole on a node that is left. */
  readonly whole: readonly string[];
  readonly partial: readonly { readonly resource: string; readonly reason: string }[];
};

/** What the fencer sees of its node. */
export type FencerWorld = {
  /** For delays by chance. */
  readonly prng: Prng;
  readonly self: string;
  readonly nodes: readonly string[];
  readonly diskAnswerMs: number;
  /** A member that is silent for so long is lost, with all delays. */
  readonly deadMs: number;
  readonly secondFencerDelayMs: number;
  readonly partialCopyDelayMs: number;
  cib(): XmlElement;
  isFencingOn(): boolean;
  isMember(node: string): boolean;
  isLinkUp(node: string): boolean;
  /** Another member says that it hears that node. */
  isHeardElsewhere(node: string): boolean;
  /** Guests and other resources that may run there, by the status section; not fence devices. */
  activeOn(node: string): readonly string[];
  copiesWithout(target: string): CopiesWithout;
};
