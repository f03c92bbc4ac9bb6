/** A node's standing as the small record that its heartbeats carry (membership's announcement). */
import { formatGeneration, parseGeneration } from "../cib/generation.ts";
import type { LoadLevel, NodeLoad } from "./node-load.ts";
import type { DcId, Standing } from "./types.ts";

type Announcement = Readonly<Record<string, string>>;

/** Short keys: a heartbeat has to fit into one packet. @param nodes all of the cluster, sorted. */
export function announce(standing: Standing, nodes: readonly string[]): Announcement {
  const { count, generation, seasoned, settled, obeys, members, load } = standing;
  const bits = nodes.map((name) => (members.includes(name) ? "1" : "0")).join("");
  return {
    m: bits,
    n: String(count),
    g: formatGeneration(generation),
    f: `${seasoned ? "s" : ""}${settled ? "w" : ""}`,
    ...(load && { l: `${load.level}.${load.operationsMax}` }),
    ...(obeys && { d: obeys.name, i: obeys.incarnation.toString(16), t: String(obeys.term) }),
  };
}

/** Undefined where it says nothing that can be understood. */
export function readStanding(
  announcement: Announcement,
  nodes: readonly string[],
): Standing | undefined {
  const generation = parseGeneration(announcement["g"] ?? "");
  const count = Number(announcement["n"]);
  if (!generation.ok || !Number.isSafeInteger(count)) return undefined;
  const bits = announcement["m"] ?? "";
  const flags = announcement["f"] ?? "";
  return {
    count,
    generation: generation.value,
    seasoned: flags.includes("s"),
    settled: flags.includes("w"),
    obeys: readDc(announcement),
    // Who counts the cluster's nodes otherwise says nothing about them.
    members: bits.length === nodes.length ? nodes.filter((_, i) => bits[i] === "1") : [],
    load: readLoad(announcement["l"]),
  };
}

function readLoad(text = ""): NodeLoad | undefined {
  const [, level, operations] = /^([0-3])\.([1-9]\d{0,5})$/.exec(text) ?? [];
  if (level === undefined) return undefined;
  return { level: Number(level) as LoadLevel, operationsMax: Number(operations) };
}

function readDc({ d, i, t }: Announcement): DcId | undefined {
  if (d === undefined || !/^[0-9a-f]{1,16}$/.test(i ?? "") || !/^\d{1,15}$/.test(t ?? "")) {
    return undefined;
  }
  return { name: d, incarnation: BigInt(`0x${i}`), term: Number(t) };
}
