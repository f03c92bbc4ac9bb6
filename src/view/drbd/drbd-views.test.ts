import assert from "node:assert/strict";
import { test } from "node:test";
import { generationLine, generationTable } from "../../api/disk-generation-text.ts";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import { changeLines, existsLines } from "./events2.ts";
import { procDrbd } from "./proc-drbd.ts";
import { resourceStatus } from "./resource-status.ts";
import { statusJson } from "./status-json.ts";

// The texts below are those of the tools of 8.4 for such states: sections 16.1 to 16.4 of the specification.

const volume: DiskVolumeStatus = {
  volume: 0,
  minor: 0,
  device: "/dev/drbd0",
  backingDisk: "/dev/vg/vm1",
  connectionState: "Connected",
  disk: "UpToDate",
  peerDisk: "UpToDate",
  sizeKib: 65496,
  isOpen: false,
  resyncSuspended: { user: false, peer: false, dependency: false },
  alSuspended: false,
  counters: {
    sentKib: 0,
    receivedKib: 11896,
    writtenKib: 11896,
    readKib: 0,
    alWrites: 8,
    bitmapWrites: 0,
    localPending: 1,
    peerPending: 4,
    unacknowledged: 0,
    applicationPending: 0,
    epochs: 1,
    outOfSyncKib: 0,
  },
  lastSyncDecision: "",
};

const resource: DiskResourceStatus = {
  name: "r0",
  role: "Secondary",
  suspended: { user: false, noData: false, fencing: false },
  writeOrdering: "flush",
  twoPrimariesWindow: false,
  connection: {
    state: "Connected",
    peerName: "",
    peerRole: "Secondary",
    protocol: "C",
    local: "ipv4:10.9.0.1:7790",
    remote: "ipv4:10.9.0.2:7790",
    congested: false,
  },
  roleChanges: [],
  volumes: [volume],
};

const target: DiskResourceStatus = {
  ...resource,
  connection: { ...resource.connection, peerRole: "Primary" },
  volumes: [
    {
      ...volume,
      connectionState: "SyncTarget",
      disk: "Inconsistent",
      counters: { ...volume.counters, outOfSyncKib: 53600 },
      resync: {
        totalKib: 65496,
        leftKib: 53600,
        elapsedMs: 2000,
        pausedMs: 0,
        rateKibPerS: 5948,
        averageKibPerS: 5948,
        wantedKibPerS: 4840,
        stalled: false,
      },
    },
  ],
};

const unconnected: DiskResourceStatus = {
  ...resource,
  connection: { ...resource.connection, state: "WFConnection", peerRole: "Unknown" },
  volumes: [{ ...volume, connectionState: "WFConnection", peerDisk: "DUnknown" }],
};

test("/proc/drbd of 8.4 with a resync under way", () => {
  const lines = procDrbd([target], { layout: "8.4", version: "1" }).split("\n").slice(2);
  assert.deepEqual(lines, [
    " 0: cs:SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate C r-----",
    "    ns:0 nr:11896 dw:11896 dr:0 al:8 bm:0 lo:1 pe:4 ua:0 ap:0 ep:1 wo:f oos:53600",
    "\t[==>.................] sync'ed: 18.2% (53600/65496)K",
    "\tfinish: 0:00:09 speed: 5,948 (5,948) want: 4,840 K/sec",
    "",
  ]);
});

test("/proc/drbd of 8.4 leaves a line where a minor number is left out, and says Unconfigured", () => {
  const down: DiskResourceStatus = {
    ...resource,
    name: "r2",
    volumes: [
      {
        ...volume,
        minor: 2,
        connectionState: "StandAlone",
        disk: "Diskless",
        peerDisk: "DUnknown",
      },
    ],
  };
  const lines = procDrbd([down, resource], { layout: "8.4", version: "1" }).split("\n").slice(2);
  assert.equal(lines[0], " 0: cs:Connected ro:Secondary/Secondary ds:UpToDate/UpToDate C r-----");
  assert.deepEqual(lines.slice(2), ["", " 2: cs:Unconfigured", ""]);
});

test("/proc/drbd of 8.0 says st and has four flags", () => {
  const big: DiskResourceStatus = {
    ...target,
    role: "Primary",
    volumes: target.volumes.map((one) => ({
      ...one,
      connectionState: "SyncSource",
      resync: {
        totalKib: 10_485_760,
        leftKib: 10_380_903,
        elapsedMs: 10_000,
        pausedMs: 0,
        rateKibPerS: 10_836,
        averageKibPerS: 10_836,
        stalled: true,
      },
    })),
  };
  const lines = procDrbd([big], { layout: "8.0", version: "1" }).split("\n").slice(2);
  assert.deepEqual(lines, [
    "0: cs:SyncSource st:Primary/Primary ds:Inconsistent/UpToDate C r---",
    "ns:0 nr:11896 dw:11896 dr:0 al:8 bm:0 lo:1 pe:4 ua:0 ap:0",
    "[>...................] sync'ed:  1.0% (10137/10240)M",
    "finish: 0:15:58 speed: 10,836 (10,836) K/sec (stalled)",
    "",
  ]);
});

test("the flags of /proc/drbd tell what is suspended", () => {
  const odd: DiskResourceStatus = {
    ...resource,
    suspended: { user: false, noData: false, fencing: true },
    connection: { ...resource.connection, congested: true },
    volumes: [
      {
        ...volume,
        alSuspended: true,
        resyncSuspended: { user: true, peer: true, dependency: true },
      },
    ],
  };
  assert.match(procDrbd([odd], { layout: "8.4", version: "1" }), / C sapuns\n/);
  assert.match(procDrbd([odd], { layout: "8.0", version: "1" }), / C sapu\n/);
});

const plain = { verbose: false, statistics: false, columns: 80 };

test("status of a connected, a syncing and an unconnected resource", () => {
  assert.equal(
    resourceStatus([resource, target, unconnected], plain),
    `r0 role:Secondary
  disk:UpToDate
  peer role:Secondary
    replication:Established peer-disk:UpToDate

r0 role:Secondary
  disk:Inconsistent
  peer role:Primary
    replication:SyncTarget peer-disk:UpToDate done:18.16

r0 role:Secondary
  disk:UpToDate
  peer connection:Connecting

`,
  );
});

test("status --verbose tells all, also what is as usual", () => {
  assert.equal(
    resourceStatus([resource], { ...plain, verbose: true }),
    `r0 role:Secondary suspended:no
  volume:0 minor:0 disk:UpToDate blocked:no
  peer connection:Connected role:Secondary congested:no
    volume:0 replication:Established peer-disk:UpToDate resync-suspended:no

`,
  );
});

test("status breaks lines that are too long for the terminal", () => {
  const paused: DiskResourceStatus = {
    ...target,
    volumes: target.volumes.map((one) => ({
      ...one,
      resyncSuspended: { user: true, peer: false, dependency: false },
    })),
  };
  const text = resourceStatus([paused], { ...plain, columns: 60 });
  assert.match(
    text,
    / {4}replication:SyncTarget peer-disk:UpToDate done:18.16\n {8}resync-suspended:user\n/,
  );
});

test("two volumes are told apart", () => {
  const two = { ...resource, volumes: [volume, { ...volume, volume: 1, minor: 1 }] };
  assert.match(resourceStatus([two], plain), /^ {2}volume:1 disk:UpToDate$/m);
});

test("status --json has the fields of DRBD 9's in their order", () => {
  const [first] = JSON.parse(JSON.stringify(statusJson([resource])));
  assert.deepEqual(Object.keys(first), [
    "name",
    "node-id",
    "role",
    "suspended",
    "suspended-user",
    "suspended-no-data",
    "suspended-fencing",
    "suspended-quorum",
    "force-io-failures",
    "write-ordering",
    "devices",
    "connections",
  ]);
  assert.equal(first.connections[0]["connection-state"], "Connected");
  assert.equal(first.connections[0].peer_devices[0]["replication-state"], "Established");
  assert.equal(first.connections[0].peer_devices[0]["percent-in-sync"], 100);
  const [moving] = JSON.parse(JSON.stringify(statusJson([target])));
  assert.equal(moving.connections[0].peer_devices[0]["percent-resync-done"], 18.16);
  assert.equal(moving.connections[0].peer_devices[0]["rs-total"], 130992);
});

test("status says what keeps a resync from being faster, and by which rule it came to be", () => {
  const [volume] = target.volumes;
  assert.ok(volume?.resync !== undefined);
  const limited: DiskResourceStatus = {
    ...target,
    volumes: [
      {
        ...volume,
        resync: { ...volume.resync, limit: "capped by c-max-rate" },
        lastSyncDecision: "uuid rule 50",
      },
    ],
  };
  const options = { verbose: false, statistics: false, columns: 200 };
  assert.match(
    resourceStatus([limited], options),
    / done:18\.16 limited-by:capped-by-c-max-rate$/m,
  );
  assert.match(
    resourceStatus([limited], { ...options, verbose: true }),
    / decided-by:uuid-rule-50$/m,
  );
  const [json] = JSON.parse(JSON.stringify(statusJson([limited])));
  const [peerDevice] = json.connections[0].peer_devices;
  assert.equal(peerDevice["limited-by"], "capped by c-max-rate");
  assert.equal(peerDevice["decided-by"], "uuid rule 50");
});

test("a verify is done as far as it has come, whatever is out of sync", () => {
  const [volume] = target.volumes;
  assert.ok(volume?.resync !== undefined);
  const verifying: DiskResourceStatus = {
    ...target,
    volumes: [
      {
        ...volume,
        connectionState: "VerifyS",
        resync: { ...volume.resync, totalKib: 4000, leftKib: 1000, outOfSyncFoundKib: 8 },
      },
    ],
  };
  const options = { verbose: false, statistics: false, columns: 200 };
  assert.match(resourceStatus([verifying], options), / replication:VerifyS .* done:75\.00/);
  const [json] = JSON.parse(JSON.stringify(statusJson([verifying])));
  const [peerDevice] = json.connections[0].peer_devices;
  assert.equal(peerDevice["has-online-verify-details"], true);
  assert.equal(peerDevice["out-of-sync-found"], 8);
});

test("events2 lists what there is, then only what changes", () => {
  assert.deepEqual(existsLines([resource], { statistics: false }), [
    "exists resource name:r0 role:Secondary suspended:no",
    "exists connection name:r0 peer-node-id:1 conn-name:peer connection:Connected role:Secondary",
    "exists device name:r0 volume:0 minor:0 disk:UpToDate",
    "exists peer-device name:r0 peer-node-id:1 conn-name:peer volume:0 replication:Established peer-disk:UpToDate resync-suspended:no",
    "exists -",
  ]);
  assert.match(
    existsLines([resource], { statistics: true })[2] ?? "",
    / disk:UpToDate size:65496 read:0 written:11896 al-writes:8 bm-writes:0 upper-pending:0 lower-pending:1 al-suspended:no blocked:no$/,
  );
  const primary: DiskResourceStatus = { ...resource, role: "Primary" };
  assert.deepEqual(changeLines(resource, primary, { statistics: false }), [
    "change resource name:r0 role:Primary",
  ]);
  assert.deepEqual(changeLines(resource, resource, { statistics: true }), []);
  assert.deepEqual(
    changeLines(resource, undefined, { statistics: false }).map((line) =>
      line.split(" ").slice(0, 2).join(" "),
    ),
    ["destroy resource", "destroy peer-device", "destroy device", "destroy connection"],
  );
  assert.match(
    changeLines(undefined, resource, { statistics: false })[0] ?? "",
    /^create resource name:r0 role:Secondary/,
  );
});

test("generation identifiers in one line and as a table", () => {
  const generation = {
    current: "EC438782DEC95F31",
    bitmap: "0000000000000000",
    history: ["5791D26395923DD7", "5790D26395923DD7"],
    flags: {
      consistent: true,
      wasUpToDate: true,
      primary: true,
      connected: false,
      fullSync: false,
      peerOutDated: false,
      crashedPrimary: false,
    },
  } as const;
  assert.equal(
    generationLine(generation),
    "EC438782DEC95F31:0000000000000000:5791D26395923DD7:5790D26395923DD7:1:1:1:0:0:0:0",
  );
  const [head, values] = generationTable(generation).split("\n");
  assert.equal(head?.indexOf("younger"), values?.indexOf("5791"));
});
