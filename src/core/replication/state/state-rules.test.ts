import assert from "node:assert/strict";
import { test } from "node:test";
import { settledSecondary } from "../../../../test/replication/settled-state.ts";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import {
  impossibleTransition,
  type RuleContext,
  refusedState,
  refusedStates,
  refusedWish,
  refusedWishes,
} from "./state-rules.ts";

const conns = Object.values(Conn);
const disks = Object.values(Disk);
const roles = [Role.Primary, Role.Secondary] as const;
const guard = { peerAllows: true, protocol: "C", windowOpen: true } as const;
const context: RuleContext = {
  fencing: "dont-care",
  twoPrimaries: { ...guard, allowed: false },
  deviceOpen: false,
  verifyAlg: "sha1",
  agreedProtocol: 101,
  handshakeRunning: false,
};

test("every state is refused for the specification's reason, or allowed (9.3.3)", () => {
  const met = new Set<string>();
  const axes = {
    role: roles,
    peer: Object.values(Role),
    conn: conns,
    disk: disks,
    pdsk: disks,
    fencing: ["dont-care", "resource-only", "resource-and-stonith"],
    allowed: yesAndNo,
    deviceOpen: yesAndNo,
    verify: ["", "sha1"],
    agreedProtocol: [87, 88],
    handshakeRunning: yesAndNo,
  } as const;
  for (const each of combinations(axes)) {
    const c = contextOf(each);
    const refused = refusedState({ ...settledSecondary, ...each }, c);
    const expected = specifiedState({ ...settledSecondary, ...each }, c);
    if (refused?.code !== expected) {
      assert.equal(refused?.code, expected, `${refused?.label} ${JSON.stringify(each)}`);
    }
    if (refused !== undefined) met.add(refused.label);
  }
  for (const { label } of refusedStates) assert.ok(met.has(label), `the row "${label}" decides`);
});

test("every wish is refused for the specification's reason, or allowed (9.3.4)", () => {
  const met = new Set<string>();
  const axes = { was: conns, becomes: conns, disk: disks, next: disks, running: yesAndNo } as const;
  const sides = { pdsk: disks, nextPdsk: disks, role: roles, nextRole: roles } as const;
  const peers = { pdsk: disks, peer: roles, nextPeer: roles } as const;
  const walk = (o: DrbdState, n: DrbdState, handshakeRunning: boolean): void => {
    const refused = refusedWish(o, n, { ...context, handshakeRunning });
    const expected = specifiedWish(o, n, handshakeRunning);
    if (refused?.code !== expected) {
      assert.equal(refused?.code, expected, `${refused?.label} ${JSON.stringify([o, n])}`);
    }
    if (refused !== undefined) met.add(refused.label);
  };
  // The peer's disk and the roles matter only to wishes that leave the own disk alone.
  for (const each of combinations(axes)) {
    const o = { ...settledSecondary, conn: each.was, disk: each.disk };
    walk(o, { ...o, conn: each.becomes, disk: each.next }, each.running);
  }
  for (const disk of disks) {
    for (const [was, becomes] of allPairs(conns)) {
      for (const each of combinations(sides)) {
        const o = { ...settledSecondary, conn: was, disk, pdsk: each.pdsk, role: each.role };
        walk(o, { ...o, conn: becomes, pdsk: each.nextPdsk, role: each.nextRole }, false);
      }
      for (const each of combinations(peers)) {
        const o = { ...settledSecondary, conn: was, disk, pdsk: each.pdsk, peer: each.peer };
        walk(o, { ...o, conn: becomes, peer: each.nextPeer }, false);
      }
    }
  }
  for (const { label } of refusedWishes) assert.ok(met.has(label), `the row "${label}" decides`);
});

test("the transitions that never happen are the specification's (9.3.2)", () => {
  for (const { was, becomes, disk, next } of combinations({
    was: conns,
    becomes: conns,
    disk: disks,
    next: disks,
  })) {
    const o = { ...settledSecondary, conn: was, disk };
    const impossible = impossibleTransition(o, { ...settledSecondary, conn: becomes, disk: next });
    const failing = was >= Conn.Timeout && was <= Conn.TearDown;
    const expected =
      (disk === Disk.Diskless && next === Disk.Failed) ||
      (was !== becomes &&
        ((was === Conn.StandAlone && becomes !== Conn.Unconnected) ||
          (was < Conn.WFReportParams && becomes >= Conn.Connected) ||
          (failing && becomes !== Conn.Unconnected && becomes !== Conn.Disconnecting) ||
          (was === Conn.Disconnecting && becomes !== Conn.StandAlone)));
    assert.equal(impossible, expected, `${was} -> ${becomes}, ${disk} -> ${next}`);
  }
});

test("two Primaries need the option, the peer's, protocol C and the open window, all of them", () => {
  const both = { ...settledSecondary, role: Role.Primary, peer: Role.Primary };
  const axes = {
    allowed: yesAndNo,
    peerAllows: yesAndNo,
    protocol: ["A", "B", "C"],
    windowOpen: yesAndNo,
  } as const;
  for (const twoPrimaries of combinations(axes)) {
    const { allowed, peerAllows, protocol, windowOpen } = twoPrimaries;
    const may = allowed && peerAllows && protocol === "C" && windowOpen;
    const refused = refusedState(both, { ...context, twoPrimaries });
    assert.equal(refused?.label, may ? undefined : "two Primaries");
  }
});

function contextOf(each: {
  readonly fencing: RuleContext["fencing"];
  readonly allowed: boolean;
  readonly deviceOpen: boolean;
  readonly verify: string;
  readonly agreedProtocol: number;
  readonly handshakeRunning: boolean;
}): RuleContext {
  return {
    fencing: each.fencing,
    twoPrimaries: { ...guard, allowed: each.allowed },
    deviceOpen: each.deviceOpen,
    verifyAlg: each.verify,
    agreedProtocol: each.agreedProtocol,
    handshakeRunning: each.handshakeRunning,
  };
}

/** 9.3.3 in its own words and numbers, first match. */
function specifiedState(s: DrbdState, c: RuleContext): number | undefined {
  const primary = s.role === Role.Primary;
  const verifying = s.conn === Conn.VerifyS || s.conn === Conn.VerifyT;
  const whole: readonly Conn[] = [
    Conn.Connected,
    Conn.WFBitMapS,
    Conn.SyncSource,
    Conn.PausedSyncS,
  ];
  if (primary && s.peer === Role.Primary && !c.twoPrimaries.allowed) return -1;
  if (!primary && c.deviceOpen) return -12;
  if (primary && s.conn < 10 && s.disk < 8) return -2;
  if (c.fencing !== "dont-care" && primary && s.conn < 10 && s.pdsk >= 6) return -7;
  if (primary && s.disk <= 4 && s.pdsk <= 4) return -2;
  if (s.conn > 10 && s.disk < 4) return -4;
  if (s.conn > 10 && s.pdsk < 4) return -5;
  if (s.conn > 10 && s.disk < 8 && s.pdsk < 8) return -2;
  // Not the kernel's, which would raise it to UpToDate: Outdated, it meets a node without a disk.
  const meets = c.handshakeRunning && s.conn === 10 && s.pdsk < 3;
  if (whole.includes(s.conn) && s.disk === 5 && !meets) return -6;
  if (verifying && c.verifyAlg === "") return -14;
  if (verifying && c.agreedProtocol < 88) return -17;
  if (primary && s.disk < 8 && s.pdsk < 8) return -2;
  if ((s.conn === 11 || s.conn === 12) && s.pdsk === 6) return -15;
  if (s.conn >= 10 && s.pdsk === 6) return -6;
  return undefined;
}

/** 9.3.4 in its own words and numbers, in the order of the kernel's checks. */
function specifiedWish(o: DrbdState, n: DrbdState, handshakeRunning: boolean): number | undefined {
  const starting = n.conn === 11 || n.conn === 12;
  const verifying = n.conn === 18 || n.conn === 19;
  const disconnecting = n.conn === 1;
  if (starting && o.conn > 10) return -8;
  if (disconnecting && o.conn === 0) return -9;
  if (n.disk > 1 && o.disk === 0) return -11;
  if (n.conn === 8 && o.conn < 2) return -13;
  if (n.disk === 5 && o.disk < 5 && o.disk !== 1) return -16;
  if (disconnecting && o.conn === 2) return -18;
  const establishes = (o.conn === 8 && n.conn === 9) || (o.conn === 9 && n.conn >= 10);
  if (handshakeRunning && !establishes) return -18;
  const promoted = n.role === Role.Primary && o.role !== Role.Primary;
  if (promoted && n.pdsk === 8 && n.disk !== 8 && n.disk !== 0 && n.conn <= 15) return -18;
  // Not the kernel's: the peer wants to be Primary with what is no good copy here.
  const peerPromoted = n.peer === Role.Primary && o.peer !== Role.Primary;
  if (peerPromoted && o.conn >= 10 && n.disk < 8 && n.pdsk < 8) return -2;
  if (verifying && o.conn < 10) return -15;
  if (verifying && n.conn !== o.conn && o.conn > 10) return -8;
  if (starting && o.conn < 10) return -15;
  // Not the kernel's, which would raise such a copy to UpToDate (9.3.1, rule 6).
  const begins = verifying && o.conn !== 18 && o.conn !== 19;
  if (begins && (o.disk !== Disk.UpToDate || o.pdsk !== Disk.UpToDate)) return -2;
  if ((n.conn === 16 || n.conn === 17) && o.conn < 9) return -15;
  if (disconnecting && n.pdsk === 5 && o.conn < 10 && o.pdsk > 5) return -21;
  return undefined;
}

function* allPairs<T>(values: readonly T[]): Generator<readonly [T, T]> {
  for (const a of values) for (const b of values) yield [a, b];
}
