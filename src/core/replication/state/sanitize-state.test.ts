import assert from "node:assert/strict";
import { test } from "node:test";
import { settledSecondary } from "../../../../test/replication/settled-state.ts";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import { sanitizeState } from "./sanitize-state.ts";

const plain = { fencing: "dont-care", onNoDataAccessible: "io-error" } as const;

type Row = readonly [wish: Partial<DrbdState>, result: Partial<DrbdState>];

/** The specification's table of section 19. */
const rows: readonly Row[] = [
  [
    { conn: Conn.WFConnection, peerIsp: true },
    { pdsk: Disk.DUnknown, peer: Role.Unknown, peerIsp: false },
  ],
  [{ conn: Conn.WFConnection, pdsk: Disk.Outdated }, { pdsk: Disk.Outdated }],
  [{ conn: Conn.WFBitMapT }, { disk: Disk.Outdated }],
  [{ conn: Conn.SyncTarget, disk: Disk.Outdated }, { disk: Disk.Inconsistent }],
  [{ conn: Conn.WFBitMapS }, { pdsk: Disk.Consistent }],
  [{ conn: Conn.SyncSource, pdsk: Disk.Consistent }, { pdsk: Disk.Inconsistent }],
  [
    { disk: Disk.Consistent, pdsk: Disk.Outdated },
    { disk: Disk.UpToDate, pdsk: Disk.UpToDate },
  ],
  [{ conn: Conn.SyncSource, pdsk: Disk.Inconsistent, userIsp: true }, { conn: Conn.PausedSyncS }],
  [{ conn: Conn.SyncSource, pdsk: Disk.Failed }, { conn: Conn.Connected }],
  [{ conn: Conn.WFBitMapT, disk: Disk.Negotiating }, { disk: Disk.Inconsistent }],
];

test("what follows by itself from a state (19)", () => {
  for (const [wish, result] of rows) {
    const { state } = sanitize({ ...settledSecondary, ...wish });
    for (const [name, value] of Object.entries(result)) {
      assert.equal(state[name as keyof DrbdState], value, `${JSON.stringify(wish)}: ${name}`);
    }
  }
});

test("every wish turns into the state that the specification's nine rules make of it (9.3.1)", () => {
  for (const each of everyWish()) {
    const { state } = sanitizeState(each.old, each.wish, each.context);
    const expected = specified(each.old, each.wish, each.context);
    if (!sameState(state, expected)) assert.deepEqual(state, expected, JSON.stringify(each));
  }
});

test("a sanitized state is a fixed point, and what is told of it is true, whatever the wish", () => {
  for (const { old, wish, context } of everyWish()) {
    const { state, warning } = sanitizeState(old, wish, context);
    const again = sanitizeState(state, state, context);
    // A disk that rule 4 lets go is looked at by rule 2 only the next time.
    const { aftrIsp } = wish.disk === Disk.Negotiating ? again.state : state;
    const fixed = { ...state, aftrIsp };
    if (!sameState(again.state, fixed)) assert.deepEqual(again.state, fixed);
    assert.equal(again.warning, undefined);
    if (warning?.endsWith("aborted.")) assert.equal(state.conn, Conn.Connected);
    if (state.conn < Conn.Connected) assert.equal(state.peer, Role.Unknown);
    assert.equal(state.role, wish.role, "no rule changes a role");
  }
});

test("a Primary that may be alone freezes with fencing, and only then", () => {
  const before = { ...settledSecondary, role: Role.Primary } as const;
  const lost = { ...before, conn: Conn.NetworkFailure };
  const freezes = (fencing: "dont-care" | "resource-only" | "resource-and-stonith"): boolean =>
    sanitizeState(before, lost, { disk: { ...plain, fencing }, negotiated: undefined }).state
      .suspFen;
  assert.equal(freezes("resource-and-stonith"), true);
  assert.equal(freezes("resource-only"), false);
  assert.equal(freezes("dont-care"), false);
  const known = { ...before, conn: Conn.NetworkFailure, pdsk: Disk.Outdated };
  const stonith = { ...plain, fencing: "resource-and-stonith" } as const;
  const { state } = sanitizeState(before, known, { disk: stonith, negotiated: undefined });
  assert.equal(state.suspFen, false);
});

const context = { disk: plain, negotiated: undefined };

function sanitize(wish: DrbdState): ReturnType<typeof sanitizeState> {
  return sanitizeState(settledSecondary, wish, context);
}

type Context = Parameters<typeof sanitizeState>[2];

/** Wishes with all that the rules look at, from states before in which each freeze had its reason already, or not. */
function* everyWish(): Generator<{
  readonly old: DrbdState;
  readonly wish: DrbdState;
  readonly context: Context;
}> {
  const whole = { disk: Disk.Consistent, pdsk: Disk.Outdated } as const;
  const axes = {
    conn: Object.values(Conn),
    disk: Object.values(Disk),
    pdsk: Object.values(Disk),
    role: [Role.Primary, Role.Secondary],
    userIsp: yesAndNo,
    peerIsp: yesAndNo,
    aftrIsp: yesAndNo,
    fencing: ["resource-only", "resource-and-stonith"],
    onNoDataAccessible: ["io-error", "suspend-io"],
    negotiated: [undefined, whole],
    was: ["connected", "alone", "without data", "verifying"],
  } as const;
  for (const { fencing, onNoDataAccessible, negotiated, was, ...of } of combinations(axes)) {
    const context = { disk: { fencing, onNoDataAccessible }, negotiated };
    yield { old: before[was], wish: { ...settledSecondary, ...of }, context };
  }
}

const before = {
  connected: { ...settledSecondary, role: Role.Primary },
  alone: { ...settledSecondary, role: Role.Primary, conn: Conn.WFConnection, pdsk: Disk.DUnknown },
  "without data": {
    ...settledSecondary,
    role: Role.Primary,
    disk: Disk.Failed,
    pdsk: Disk.Outdated,
  },
  verifying: { ...settledSecondary, conn: Conn.VerifyS },
};

/** The nine rules in the order and the words of the specification. */
function specified(old: DrbdState, wish: DrbdState, context: Context): DrbdState {
  const s: { -readonly [K in keyof DrbdState]: DrbdState[K] } = { ...wish };
  if (s.conn < 10) {
    s.peerIsp = false;
    s.peer = Role.Unknown;
    if (s.pdsk === 7 || s.pdsk === 8 || s.pdsk < 4) s.pdsk = Disk.DUnknown;
  }
  if (s.conn === 0 && s.disk === 0 && s.role === Role.Secondary) s.aftrIsp = false;
  if (s.conn > 10 && (s.disk <= 2 || s.pdsk <= 2)) s.conn = Conn.Connected;
  if (s.conn < 10 && s.disk === Disk.Negotiating) {
    s.disk = context.negotiated?.disk ?? Disk.Diskless;
    s.pdsk = context.negotiated?.pdsk ?? Disk.DUnknown;
  }
  if (s.conn >= 10 && s.conn < 22) {
    // Deviation: not of a copy that was so while connected already, which nobody has compared.
    const met = (now: Disk, was: Disk): boolean =>
      (now === 7 || now === 5) && !(old.conn >= 10 && (was === 7 || was === 5));
    // Deviation: nor of one whose other side has no disk to compare; but a Primary knows what its users were shown.
    const [here, there] = [s.disk >= 3 || s.role === Role.Primary, s.pdsk >= 3];
    if (there && met(s.disk, old.disk)) s.disk = Disk.UpToDate;
    if (here && met(s.pdsk, old.pdsk)) s.pdsk = Disk.UpToDate;
  }
  bound(s);
  const alone = (x: DrbdState): boolean => x.role === 1 && x.conn < 10 && x.pdsk > 5;
  const dataless = (x: DrbdState): boolean => x.role === 1 && x.disk < 8 && x.pdsk < 8;
  const { fencing, onNoDataAccessible } = context.disk;
  if (fencing === "resource-and-stonith" && alone(s) && !alone(old)) s.suspFen = true;
  if (onNoDataAccessible === "suspend-io" && dataless(s) && !dataless(old)) s.suspNod = true;
  const paused = s.aftrIsp || s.peerIsp || s.userIsp;
  if (paused && s.conn === Conn.SyncSource) s.conn = Conn.PausedSyncS;
  if (paused && s.conn === Conn.SyncTarget) s.conn = Conn.PausedSyncT;
  if (!paused && s.conn === Conn.PausedSyncS) s.conn = Conn.SyncSource;
  if (!paused && s.conn === Conn.PausedSyncT) s.conn = Conn.SyncTarget;
  if (!paused) bound(s);
  return s;
}

/** Rule 6: by connection state the least and the most that each disk can be. */
function bound(s: { -readonly [K in keyof DrbdState]: DrbdState[K] }): void {
  const of: readonly (readonly [conns: readonly number[], bounds: readonly number[]])[] = [
    [
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [0, 8, 4, 6],
    ],
    [[10], [0, 8, 0, 8]],
    [
      [14, 12, 15, 21, 23],
      [4, 5, 8, 8],
    ],
    [[17], [4, 4, 8, 8]],
    [
      [13, 11, 20, 22],
      [8, 8, 4, 7],
    ],
    [[16], [8, 8, 4, 4]],
    [
      [18, 19],
      [8, 8, 8, 8],
    ],
  ];
  const [, bounds] = of.find(([conns]) => conns.includes(s.conn)) ?? [];
  const [least = 0, most = 8, peerLeast = 0, peerMost = 8] = bounds ?? [];
  s.disk = Math.min(most, Math.max(least, s.disk)) as Disk;
  s.pdsk = Math.min(peerMost, Math.max(peerLeast, s.pdsk)) as Disk;
}

function sameState(a: DrbdState, b: DrbdState): boolean {
  return (Object.keys(a) as (keyof DrbdState)[]).every((name) => a[name] === b[name]);
}
