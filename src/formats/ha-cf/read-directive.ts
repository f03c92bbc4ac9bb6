/** The values of those directives of ha.cf that are used. The number of arguments has been checked. */
import { assert, present } from "../../base/assert.ts";
import { closestWord } from "../config-text/closest-word.ts";
import type { Placed } from "../config-text/place.ts";
import type { Report } from "../config-text/report.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { HaCf, HaCfAutoFailback, HaCfCrm, HaCfDirective } from "./ha-cf.ts";
import { parseTimeMs } from "./parse-time.ts";
import { readBcast, readMcast, readUcast } from "./read-link.ts";
import { parseOnOff, parsePort } from "./word-values.ts";

export type HaCfDraft = {
  -readonly [Key in keyof HaCf]: HaCf[Key] extends readonly (infer Item)[] ? Item[] : HaCf[Key];
};

type TimeKey = "keepaliveMs" | "deadtimeMs" | "warntimeMs" | "initdeadMs";
type Reader = (directive: HaCfDirective, draft: HaCfDraft, report: Report) => void;

const readers: ReadonlyMap<string, Reader> = new Map([
  ["node", readNodes],
  ["udp", readUdp],
  ["bcast", readBcast],
  ["ucast", readUcast],
  ["mcast", readMcast],
  ["udpport", readUdpPort],
  ["keepalive", timeReader("keepaliveMs")],
  ["deadtime", timeReader("deadtimeMs")],
  ["warntime", timeReader("warntimeMs")],
  ["initdead", timeReader("initdeadMs")],
  ["crm", readCrm],
  ["auto_failback", readAutoFailback],
]);

export function readDirective(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  const reader = readers.get(directive.value);
  assert(reader !== undefined, `a used directive without a reader: ${directive.value}`);
  reader(directive, draft, report);
}

function readNodes(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  const known = new Map(draft.nodes.map((node) => [node.value.toLowerCase(), node]));
  for (const node of directive.args) {
    const earlier = known.get(node.value.toLowerCase());
    if (earlier === undefined) {
      draft.nodes.push(node);
      known.set(node.value.toLowerCase(), node);
      continue;
    }
    report.warning("HF1016", {
      place: node.place,
      message: `node \`${node.value}\` was named in line ${earlier.place.line} already`,
      remedy: "Name each node once.",
    });
  }
}

function readUdp(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  report.warning("HF1012", {
    place: directive.place,
    message: "`udp` is the old name of `bcast`, and taken as that",
    remedy: `Write: bcast ${directive.args.map((arg) => arg.value).join(" ")}`,
  });
  readBcast(directive, draft, report);
}

function readUdpPort(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  const { value, place } = argument(directive);
  const port = parsePort(value);
  if (port === undefined) {
    report.error("HF1015", {
      place,
      message: `\`udpport ${value}\`: expected a port from 1 to 65535`,
      remedy: "Heartbeat's own port is 694.",
    });
    return;
  }
  sayIfRepeated(draft.udpport, directive, report);
  draft.udpport = { value: port, place };
}

function timeReader(key: TimeKey): Reader {
  return (directive, draft, report) => {
    const { value, place } = argument(directive);
    const ms = parseTimeMs(value);
    if (ms === undefined || ms === 0) {
      report.error("HF1014", {
        place,
        message: `\`${directive.value} ${value}\`: expected a time above zero`,
        remedy: "Write seconds (2, 0.5) or a number with a unit (1500ms, 2s, 100us).",
      });
      return;
    }
    sayIfRepeated(draft[key], directive, report);
    draft[key] = { value: ms, place };
  };
}

function readCrm(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  const { value, place } = argument(directive);
  const word = value.toLowerCase();
  const crm: HaCfCrm | undefined = word === "respawn" || word === "manual" ? word : onOff(word);
  if (crm === undefined) {
    refuseWord(directive, ["on", "off", "respawn", "manual"], report);
    return;
  }
  if (crm === "off") {
    report.warning("HF1012", {
      place,
      message: "`crm off` asks for haresources, which there is not: the resource manager runs",
      remedy: "Write: crm on",
    });
  }
  sayIfRepeated(draft.crm, directive, report);
  draft.crm = { value: crm, place };
}

function readAutoFailback(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  const { value, place } = argument(directive);
  const word = value.toLowerCase();
  const failback: HaCfAutoFailback | undefined = word === "legacy" ? "legacy" : onOff(word);
  if (failback === undefined) {
    refuseWord(directive, ["on", "off", "legacy"], report);
    return;
  }
  sayIfRepeated(draft.autoFailback, directive, report);
  draft.autoFailback = { value: failback, place };
  report.notice("HF1012", {
    place: directive.place,
    message: "`auto_failback` has no effect with the resource manager, as in Heartbeat",
    remedy: "Set default-resource-stickiness in the CIB: 0 lets resources move back.",
  });
}

function argument(directive: HaCfDirective): Word {
  return present(directive.args[0], `the argument of ${directive.value}`);
}

function onOff(word: string): "on" | "off" | undefined {
  const value = parseOnOff(word);
  if (value === undefined) return undefined;
  return value ? "on" : "off";
}

/** A directive that counts once and is there again: the last one counts, as in Heartbeat. */
function sayIfRepeated(
  earlier: Placed<unknown> | undefined,
  directive: HaCfDirective,
  report: Report,
): void {
  if (earlier === undefined) return;
  report.warning("HF1016", {
    place: directive.place,
    message: `\`${directive.value}\` was given in line ${earlier.place.line} already; this one counts`,
    remedy: "Keep one of the two lines.",
  });
}

function refuseWord(directive: HaCfDirective, words: readonly string[], report: Report): void {
  const { value, place } = argument(directive);
  report.error("HF1015", {
    place,
    message: `\`${directive.value} ${value}\`: expected ${words.join(", ")}`,
    remedy: `Write: ${directive.value} ${closestWord(value, words) ?? words[0]}`,
  });
}
