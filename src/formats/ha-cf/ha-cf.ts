/**
 * Heartbeat 2's ha.cf as typed values: what the file says and where, nothing more. Defaults are not filled in
 * (ha-cf-settings.ts has them), and who the members are is not decided here: `unknown` keeps every directive
 * that Heartbeat does not know, with its arguments, for whoever decides that.
 */
import type { Placed } from "../config-text/place.ts";
import type { Word } from "../config-text/word-lines.ts";

export type HaCf = {
  readonly file: string;
  /** Every directive in the order of the file, also those without effect and those unknown. */
  readonly directives: readonly HaCfDirective[];
  /** The names after `node`, as written (Heartbeat compares names without regard to case). */
  readonly nodes: readonly Word[];
  /** What the cluster's packets go through: at least one. */
  readonly links: readonly HaCfLink[];
  /** Directives that Heartbeat does not know either; `resembles` is the known one that was perhaps meant. */
  readonly unknown: readonly HaCfUnknown[];
  readonly udpport?: Placed<number>;
  readonly keepaliveMs?: Placed<number>;
  readonly deadtimeMs?: Placed<number>;
  readonly warntimeMs?: Placed<number>;
  readonly initdeadMs?: Placed<number>;
  readonly autoFailback?: Placed<HaCfAutoFailback>;
  readonly crm?: Placed<HaCfCrm>;
};

export type HaCfDirective = Word & { readonly args: readonly Word[] };

export type HaCfUnknown = {
  readonly directive: HaCfDirective;
  readonly resembles: string | undefined;
};

export type HaCfLink =
  | { readonly kind: "bcast"; readonly interface: string; readonly place: HaCfPlace }
  | {
      readonly kind: "ucast";
      readonly interface: string;
      /** The peer's address or name. */
      readonly address: string;
      readonly place: HaCfPlace;
    }
  | {
      readonly kind: "mcast";
      readonly interface: string;
      readonly group: string;
      /** Where the line leaves it out: udpport. */
      readonly port: number | undefined;
      readonly ttl: number;
      readonly loop: boolean;
      readonly place: HaCfPlace;
    };

type HaCfPlace = Word["place"];

export type HaCfAutoFailback = "on" | "off" | "legacy";

/** `respawn`: as on, but the node does not reboot when a part of the resource manager dies. */
export type HaCfCrm = "on" | "off" | "respawn" | "manual";
