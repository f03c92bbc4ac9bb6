import assert from "node:assert/strict";
import { test } from "node:test";
import { Conn, Disk, type DrbdState, Role } from "../../formats/drbd/drbd-state.ts";
import { sanitizeState } from "./sanitize-state.ts";

const secondary: DrbdState = {
  role: Role.Secondary,
  peer: Role.Secondary,
  conn: Conn.Connected,
  disk: Disk.UpToDate,
  pdsk: Disk.UpToDate,
  susp: false,
  aftrIsp: false,
  peerIsp: false,
  userIsp: false,
  suspNod: false,
  suspFen: false,
};
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
    const { state } = sanitize({ ...secondary, ...wish });
    for (const [name, value] of Object.entries(result)) {
      assert.equal(state[name as keyof DrbdState], value, `${JSON.stringify(wish)}: ${name}`);
    }
  }
});

test("a sanitized state is a fixed point, whatever the wish", () => {
  for (const conn of Object.values(Conn)) {
    for (const disk of Object.values(Disk)) {
      for (const pdsk of Object.values(Disk)) {
        for (const flags of [0, 1, 2, 3, 4, 5, 6, 7]) {
          const wish = {
            ...secondary,
            conn,
            disk,
            pdsk,
            role: flags & 1 ? Role.Primary : Role.Secondary,
            userIsp: (flags & 2) !== 0,
            peerIsp: (flags & 4) !== 0,
          };
          const { state } = sanitize(wish);
          assert.deepEqual(sanitizeState(state, state, context).state, state);
        }
      }
    }
  }
});

test("a Primary that may be alone freezes with fencing, and only then", () => {
  const before = { ...secondary, role: Role.Primary };
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
  return sanitizeState(secondary, wish, context);
}
