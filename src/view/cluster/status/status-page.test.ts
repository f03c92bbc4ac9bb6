import assert from "node:assert/strict";
import { test } from "node:test";
import {
  disk,
  howtoSnapshot,
  live,
  node,
  notice,
  peer,
  primitive,
  takenAtMs,
} from "../../../../test/cluster/howto-snapshot.ts";
import type { FencingRow, LiveStatus } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { DiskResync } from "../../../api/disk-status.ts";
import type { TimeTexts } from "../time-texts.ts";
import { clusterProblems } from "./cluster-problems.ts";
import { type PageOptions, statusPage } from "./status-page.ts";

/** UTC, so that the page is the same everywhere. */
const times: TimeTexts = {
  full: (ms) => new Date(ms).toISOString(),
  short: (ms) => new Date(ms).toISOString().slice(11, 19),
  iso: (ms) => new Date(ms).toISOString(),
};

test("a cluster in which all is well, on one screen", () => {
  assert.equal(
    page(howtoSnapshot()),
    `HEALTHY  2 nodes online, 2 resources running, all 4 disks have two good copies
seen from xen1, 2009-04-08T21:08:56.000Z

Nodes
  xen1   online            this node       runs 1 resource
  xen2   online, decides   heard on eth0   runs 1 resource

Guests
  host1   runs on xen1   since 20:08:56   two good copies
  host2   runs on xen2   since 20:08:56   two good copies

Disks on xen1 (here/there)
  host1_root   Primary/Secondary   UpToDate/UpToDate   Connected   10 GiB
  host1_swap   Primary/Secondary   UpToDate/UpToDate   Connected   10 GiB
  host2_root   Secondary/Primary   UpToDate/UpToDate   Connected   10 GiB
  host2_swap   Secondary/Primary   UpToDate/UpToDate   Connected   10 GiB

Fencing
  off: silence counts as death; two guests may run [HF4121]

Last events
  20:08:56  xen1  host1 runs on xen1 (1.2 s).
`,
  );
});

test("a lost node comes first, its disks are told together, and what is known of it stands with fencing", () => {
  const base = howtoSnapshot();
  const names = ["host1_root", "host1_swap"];
  const text = page({
    ...base,
    status: { ...base.status, nodes: [node("xen1"), node("xen2", { online: false })] },
    live: live({
      peers: [peer("xen2", { standing: "lost", heard: false, silentForMs: 12_000 })],
      disks: names.map((name) => ({
        drbdResource: name,
        status: disk(name, { peerDisk: "DUnknown", connectionState: "WFConnection" }),
      })),
      fencing: {
        ...live().fencing,
        evidence: names.map((drbdResource) => ({
          ...{ kind: "up-to-date-at-loss", about: "xen2", drbdResource },
          ...{ by: undefined, sinceMs: takenAtMs },
        })),
      },
    }),
  });
  const lines = text.split("\n");
  assert.equal(
    lines[0],
    "DEGRADED  xen2 is offline, silent for 12 s: nothing takes over if this side fails (1 more below)",
  );
  for (const expected of [
    "  xen2   OFFLINE   silent for 12 s",
    "  21:08:56  the copy here was whole when xen2 was lost: host1_root, host1_swap",
    "       → Bring xen2 back: power, network, holdfastd.",
    "  !  host1_root, host1_swap have one good copy, on this node: that of xen2 is not known",
  ]) {
    assert.ok(lines.includes(expected), `${expected}\nis not in\n${text}`);
  }
});

test("a resync has a bar, the rest, the time and the rate", () => {
  const text = page(
    howtoSnapshot({
      live: live({
        disks: [{ drbdResource: "host1_root", status: disk("host1_root", resyncing({})) }],
      }),
    }),
  );
  assert.match(text, /^WORKING {2}host1_root is made equal on both nodes: 45\.4 %, 0:02:26 left/);
  assert.match(text, /\[=+>\.+\] 45\.4 % {2}5\.47 GiB of 10 GiB left, 0:02:26 at 38\.1 MiB\/s\n/);
});

test("many disks that are well are told in one line, and the others one by one", () => {
  const names = Array.from({ length: 30 }, (_, at) => `vm${at}`);
  const status = (name: string) =>
    disk(name, name === "vm7" ? { disk: "Inconsistent", connectionState: "SyncTarget" } : {});
  const disks = names.map((drbdResource) => ({ drbdResource, status: status(drbdResource) }));
  const text = page(howtoSnapshot({ live: live({ disks }) }));
  assert.match(text, /29 more: two good copies, connected/);
  assert.match(text, /vm7 {3}\S+ {3}Inconsistent\/UpToDate {3}SyncTarget/);
  assert.doesNotMatch(text, /vm8 /);
});

test("no line but a command is longer than the terminal is wide", () => {
  const base = howtoSnapshot();
  const long = "word ".repeat(60).trim();
  const text = statusPage(
    {
      ...base,
      live: live({
        notices: [notice("x", `${long}.`)],
        blocked: [{ about: "host1", reason: `${long}.`, remedy: "" }],
      }),
    },
    { ...options, columns: 80 },
  );
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
});

test("each state that needs a person is told, with its gravity and what to do", () => {
  const base = howtoSnapshot();
  const status = (resources: ClusterSnapshot["status"]["resources"]): ClusterSnapshot => ({
    ...base,
    status: { ...base.status, resources },
  });
  const lived = (changes: Partial<LiveStatus>): ClusterSnapshot => ({
    ...base,
    live: live(changes),
  });
  const cases: readonly (readonly [ClusterSnapshot, string, RegExp, RegExp])[] = [
    [status([primitive("host1", undefined)]), "trouble", /^host1 should run and does not$/, /why/],
    [
      status([primitive("host1", "xen1", { nodes: ["xen1", "xen2"] })]),
      "trouble",
      /^host1 is active on xen1 and xen2: two guests may run$/,
      /holdfast why host1/,
    ],
    [
      status([primitive("host1", undefined, { disabled: true })]),
      "note",
      /^host1 is stopped because somebody wants it so/,
      /target-role --parameter-value Started/,
    ],
    [
      { ...base, status: { ...base.status, nodes: [node("xen2", { unclean: true })] } },
      "trouble",
      /^xen2 is unclean: it is not known to be off, so its guests wait$/,
      /holdfast node confirm-off xen2 --i-have-looked/,
    ],
    [
      { ...base, summary: { ...base.summary, quorate: false } },
      "trouble",
      /^there is no quorum: all resources are stopped/,
      /Bring back/,
    ],
    [
      { ...base, summary: { ...base.summary, dc: undefined } },
      "trouble",
      /^no node decides/,
      /holdfast events/,
    ],
    [
      { ...base, locations: [commandWish] },
      "note",
      /^a command wants host2 on xen2$/,
      /crm_resource --clear --resource host2/,
    ],
    [
      lived({ peers: [peer("xen2", { paths: [{ path: "eth1", up: false }] })] }),
      "degraded",
      /^xen2 is not heard on eth1$/,
      /cable/,
    ],
    [
      lived({ disks: [{ drbdResource: "host1_root" }] }),
      "degraded",
      /^host1_root is not up on this node/,
      /drbdadm up host1_root/,
    ],
    [
      lived({ disks: [standAlone] }),
      "trouble",
      /^host1_root is StandAlone, not connected to xen2 any more: .*; the copy here is in use$/,
      /^holdfast resolve host1_root tells .*: drbdadm connect host1_root on both nodes$/,
    ],
    [
      lived({ disks: [{ drbdResource: "r0", status: split }] }),
      "trouble",
      /^r0 is in split brain, apart for 60 min: 64 KiB changed here, 12 KiB on xen2, each without the other$/,
      /^holdfast resolve r0 shows what happened/,
    ],
    [
      lived({ disks: [{ drbdResource: "r0", status: disk("r0", bothStale) }] }),
      "trouble",
      /^r0 has no copy that is known to be good/,
      /why/,
    ],
    [
      lived({ disks: [{ drbdResource: "r0", status: disk("r0", resyncing({ stalled: true })) }] }),
      "degraded",
      /and does not get on$/,
      /network/,
    ],
    [
      {
        ...base,
        status: { ...base.status, nodes: [node("xen1"), node("xen2", { online: false })] },
        live: live({ fencing: { ...live().fencing, history: [failedFence] } }),
      },
      "trouble",
      /^xen2 could not be switched off: no answer$/,
      /confirm-off xen2/,
    ],
    [
      lived({ blocked: [{ about: "", code: "HF6110", reason: "r0 waits.", remedy: "Look." }] }),
      "trouble",
      /^r0 waits \[HF6110\]$/,
      /^Look\.$/,
    ],
    [
      lived({ blocked: [{ about: "host1", reason: "It is not started on xen2.", remedy: "" }] }),
      "degraded",
      /^host1: It is not started on xen2$/,
      /^$/,
    ],
    [
      lived({
        configRemarks: [
          { severity: "warning", code: "HF1011", place: "", message: "", remedy: "" },
        ],
      }),
      "note",
      /^the configuration files deserve a look$/,
      /holdfast check/,
    ],
  ];
  for (const [snapshot, severity, text, remedy] of cases) {
    const problems = clusterProblems(snapshot);
    const found = problems.find((problem) => text.test(problem.text));
    assert.ok(found, `${text} is not in ${JSON.stringify(problems)}`);
    assert.equal(found.severity, severity);
    assert.match(found.remedy, remedy);
  }
});

test("a fence device that failed is no news any more once the node is known to be off, or is back", () => {
  const base = howtoSnapshot();
  const fencing = { ...live().fencing, history: [failedFence] };
  const texts = (snapshot: ClusterSnapshot): string =>
    clusterProblems(snapshot)
      .map(({ text }) => text)
      .join("\n");
  assert.doesNotMatch(texts({ ...base, live: live({ fencing }) }), /could not be switched off/);
  const evidence = [
    { kind: "person-off", about: "xen2", drbdResource: undefined, by: "anna", sinceMs: takenAtMs },
  ];
  const confirmed = {
    ...base,
    status: { ...base.status, nodes: [node("xen1"), node("xen2", { online: false })] },
    live: live({ fencing: { ...fencing, evidence } }),
  };
  assert.doesNotMatch(texts(confirmed), /could not be switched off/);
  assert.match(page(confirmed), /xen2 is off, by a person's word \(anna\)/);
});

test("disks whose writing waits for the same are told together", () => {
  const suspended = { user: false, noData: false, fencing: true };
  const disks = ["r0", "r1"].map((name) => ({
    drbdResource: name,
    status: disk(name, {}, { suspended }),
  }));
  const [first] = clusterProblems(howtoSnapshot({ live: live({ disks }) }));
  assert.match(
    first?.text ?? "",
    /^r0, r1: writing waits, and the guest with it, until it is known/,
  );
});

test("what happens now is no trouble", () => {
  const base = howtoSnapshot();
  const snapshot = {
    ...base,
    status: { ...base.status, resources: [primitive("host1", undefined)] },
    live: live({ transition: { ...live().transition, running: true } }),
  };
  assert.deepEqual(clusterProblems(snapshot), []);
  const starting = { ...base, live: live({ phase: "starting", peers: [unheard] }) };
  assert.match(
    page(starting),
    /^WORKING {2}xen1 has just started and waits for the others: xen2 was/,
  );
});

test("fencing that is on says who switches a node off", () => {
  const base = howtoSnapshot();
  const summary = {
    ...base.summary,
    options: { ...base.summary.options, fencingEnabled: true },
  };
  const fencing = { ...live().fencing, enabled: true };
  const without = page({ ...base, summary, live: live({ fencing }) });
  assert.match(without, /\n {2}on, but there is no device: /);
  const device = { ...fencing, devices: ["pdu"] };
  const withOne = page({ ...base, summary, live: live({ fencing: device }) });
  assert.match(withOne, /\n {2}on: a silent node is switched off first \(reboot, by pdu\)\n/);
});

const unheard = peer("xen2", { standing: "unheard", heard: false, silentForMs: undefined });

const bothStale = { disk: "Outdated", peerDisk: "DUnknown" } as const;

const standAlone = {
  drbdResource: "host1_root",
  status: disk(
    "host1_root",
    { connectionState: "StandAlone", peerDisk: "DUnknown" },
    { connection: { ...disk("host1_root").connection, state: "StandAlone" } },
  ),
};

const split = disk(
  "r0",
  {
    connectionState: "StandAlone",
    peerDisk: "DUnknown",
    splitBrain: {
      ...{ label: "uuid rule 90, disconnect", foundMsAgo: 1000, apartMs: 3_600_000 },
      ...{ peerCurrent: "0", selfChangedKib: 64, peerChangedKib: 12 },
      ...{ selfWasPrimary: true, peerWasPrimary: false, selfPrimary: true, peerPrimary: false },
    },
  },
  { connection: { ...disk("r0").connection, state: "StandAlone", peerName: "xen2" } },
);

const commandWish = {
  ...{ id: "cli-prefer-host2", resource: "host2", node: "xen2", nodeId: "2" },
  ...{ score: 1_000_000, role: "Started", byCommand: true, until: undefined, mark: undefined },
};

const failedFence: FencingRow = {
  target: "xen2",
  action: "off",
  origin: "cluster",
  state: "failed",
  device: "pdu",
  beganMs: takenAtMs,
  endedMs: takenAtMs,
  why: "no answer",
};

function resyncing(changes: Partial<DiskResync>) {
  const resync: DiskResync = {
    ...{ totalKib: 10_485_404, leftKib: 5_731_000, elapsedMs: 60_000, pausedMs: 0 },
    ...{ rateKibPerS: 39_000, averageKibPerS: 38_000, stalled: false, notSentKib: 0 },
    ...changes,
  };
  return { peerDisk: "Inconsistent", connectionState: "SyncSource", resync } as const;
}

const options: PageOptions = { columns: 100, paint: (text) => text, times, notices: 5 };

function page(snapshot: ClusterSnapshot): string {
  return statusPage(snapshot, options);
}
