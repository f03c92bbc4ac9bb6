/** What operators and accidents do on a stage, step by step. */
import { healLinks } from "../recovery.ts";
import type { SimNode } from "../sim-node.ts";
import { patienceMs, type Stage, type Submitted } from "./stage.ts";

/** Both processes start on new disks, and find each other. */
export function bringUp(stage: Stage): void {
  stage.alpha.start();
  stage.bravo.start();
  stage.bothBecome({ conn: "Connected", disk: "Inconsistent", peerDisk: "Inconsistent" });
}

/** Two new disks that are known to be equal: no first sync. Differences count from here on. */
export function bringUpInSync(stage: Stage): void {
  bringUp(stage);
  // Disks of different sizes agree on one first, and that is written.
  const { alpha, bravo } = stage;
  stage.until("the metadata are written", () =>
    [alpha, bravo].every((node) => stage.volume(node).metadataIdle),
  );
  stage.do(alpha, { name: "new-current-uuid", volume: 0, clearBitmap: true });
  becomeInSync(stage);
  stage.laws.begin();
}

export function becomeInSync(stage: Stage, limitMs?: number): void {
  stage.bothBecome({ conn: "Connected", disk: "UpToDate", peerDisk: "UpToDate" }, limitMs);
}

/** Somebody opens the device for writing. */
export function promote(stage: Stage, node: SimNode): void {
  stage.do(node, { name: "primary" });
  node.event({ kind: "device-opened", volume: 0 });
}

export function demote(stage: Stage, node: SimNode): void {
  if (stage.volume(node).open) node.event({ kind: "device-released", volume: 0 });
  stage.do(node, { name: "secondary" });
}

/** The cable is out. The nodes find out by themselves, or, with `seen`, as soon as membership says so. */
export function cut(stage: Stage, seen: "seen" | "unseen" = "seen"): void {
  const { alpha, bravo, world } = stage;
  world.network.setLink(alpha.address, bravo.address, { up: false });
  world.network.setLink(bravo.address, alpha.address, { up: false });
  if (seen === "unseen") return;
  for (const node of [alpha, bravo]) node.event({ kind: "peer-lost" });
  stage.until("both see the cut", () =>
    [alpha, bravo].every((node) => !node.running || stage.status(node).connection !== "Connected"),
  );
}

export function mend(stage: Stage): void {
  healLinks(stage.world.network, [stage.alpha, stage.bravo]);
}

/** Both TCP connections end with a reset, as after an idle firewall's. */
export function breakSockets(node: SimNode): void {
  for (const socket of ["data", "meta"] as const) node.stream(socket)?.breakOff();
}

/** The process dies; what it gave to the operating system stays. */
export function crash(stage: Stage, node: SimNode): void {
  node.crash();
  stage.laws.checkCoverage();
}

/** The host loses power: what was acknowledged but not flushed is promised by nobody. */
export function powerCut(stage: Stage, node: SimNode): void {
  stage.lineage.forgetUnstable();
  node.powerCut();
  stage.laws.checkCoverage();
}

export function powerOn(node: SimNode): void {
  node.powerOn();
  node.start();
}

/** Writes blocks `from` up to, not including, `to`, some at once, and waits for all. */
export function fill(stage: Stage, node: SimNode, from: number, to: number): void {
  const submitted: Submitted[] = [];
  for (let block = from; block < to; block++) submitted.push(stage.submit(node, block));
  stage.until(`the answers to ${to - from} writes`, () =>
    submitted.every(({ outcome }) => outcome !== undefined),
  );
  const failed = submitted.find(({ outcome }) => outcome?.error !== undefined);
  if (failed !== undefined) stage.fail(`a write failed: ${failed.outcome?.error}`);
}

/** The end of a scenario: what was asked for has come to rest, both copies are equal, and nothing promised is lost. */
export function endEqual(stage: Stage, limitMs: number = patienceMs): void {
  becomeInSync(stage, limitMs);
  for (const node of [stage.alpha, stage.bravo])
    if (stage.status(node).role === "Primary") demote(stage, node);
  stage.until("both are idle", () =>
    [stage.alpha, stage.bravo].every((node) => isIdle(stage, node)),
  );
  stage.advance(500);
  const differing = stage.laws.differingBlocks();
  stage.check(
    differing.length === 0,
    `${differing.length} blocks differ, the first is ${differing[0]}`,
  );
  stage.laws.checkCoverage();
  stage.laws.checkPromises();
}

function isIdle(stage: Stage, node: SimNode): boolean {
  const { appPending, localPending, unacked, metadataIdle } = stage.volume(node);
  return appPending + localPending + unacked === 0 && metadataIdle;
}

/** The nodes part in order, and only this one is written to; it stays Primary. */
export function writeApart(stage: Stage, node: SimNode, from: number, to: number): void {
  stage.do(node, { name: "disconnect" });
  if (stage.status(node).role !== "Primary") promote(stage, node);
  fill(stage, node, from, to);
}

export function reconnect(stage: Stage, node: SimNode): void {
  stage.do(node, { name: "connect" });
}
