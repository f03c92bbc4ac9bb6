import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Diagnostic } from "../config-text/diagnostic.ts";
import { optionTable } from "./option-table.ts";
import { sameIp } from "./parse-address.ts";
import { parseDrbdConf } from "./parse-drbd-conf.ts";
import { type DrbdHostView, type ResolveOptions, resolveDrbdConf } from "./resolve-drbd-conf.ts";
import type { DrbdResourceConfig } from "./resource-config.ts";

const root = path.join(import.meta.dirname, "../../..");
const alpha =
  "on alpha { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.1:7789; }";
const bravo =
  "on bravo { device /dev/drbd0; disk /dev/b; meta-disk internal; address 10.0.0.2:7790; }";
const hosts = `${alpha} ${bravo}`;

test("each host sees itself as local and the other as peer", () => {
  for (const [me, other, port] of [
    ["alpha", "bravo", 7789] as const,
    ["bravo", "alpha", 7790] as const,
  ]) {
    const resource = one(`resource r { ${hosts} }`, me);
    assert.equal(resource.local.name, me);
    assert.equal(resource.peer?.name, other);
    assert.equal(resource.local.address.port, port);
    const [volume] = resource.volumes;
    assert.deepEqual(
      [volume?.number, volume?.minor, volume?.device, volume?.disk, volume?.metaDisk.kind],
      [0, 0, "/dev/drbd0", me === "alpha" ? "/dev/a" : "/dev/b", "internal"],
    );
  }
});

test("defaults are DRBD 8.4's, in ms, bytes, KiB and sectors", () => {
  const { net, volumes, options, startup, set } = one(`resource r { ${hosts} }`, "alpha");
  assert.deepEqual(net, {
    protocol: "C",
    timeoutMs: 6000,
    connectIntMs: 10_000,
    pingIntMs: 10_000,
    pingTimeoutMs: 500,
    koCount: 7,
    maxBuffersPages: 2048,
    maxEpochSize: 2048,
    unplugWatermark: 128,
    sndbufSizeBytes: 0,
    rcvbufSizeBytes: 0,
    socketCheckTimeoutMs: 0,
    allowTwoPrimaries: false,
    alwaysAsbp: false,
    csumsAfterCrashOnly: false,
    tcpCork: true,
    useRle: true,
    cramHmacAlg: "",
    sharedSecret: "",
    dataIntegrityAlg: "",
    verifyAlg: "",
    csumsAlg: "",
    afterSb0pri: "disconnect",
    afterSb1pri: "disconnect",
    afterSb2pri: "disconnect",
    rrConflict: "disconnect",
    onCongestion: "block",
    congestionFillSectors: 0,
    congestionExtents: 1237,
    tls: false,
  });
  assert.deepEqual(volumes[0]?.options, {
    sizeSectors: 0,
    onIoError: "detach",
    fencing: "dont-care",
    resyncRateKibPerS: 250,
    resyncAfter: undefined,
    alExtents: 1237,
    alUpdates: true,
    diskBarrier: false,
    diskFlushes: true,
    diskDrain: true,
    mdFlushes: true,
    discardZeroesIfAligned: true,
    disableWriteSame: false,
    cPlanAheadMs: 2000,
    cDelayTargetMs: 1000,
    cFillTargetSectors: 100,
    cMaxRateKibPerS: 102_400,
    cMinRateKibPerS: 250,
    diskTimeoutMs: 0,
    readBalancing: "prefer-local",
    rsDiscardGranularityBytes: 0,
  });
  assert.deepEqual(options, { cpuMask: "", onNoDataAccessible: "io-error" });
  assert.deepEqual(startup, {
    wfcTimeoutS: 0,
    degrWfcTimeoutS: 0,
    outdatedWfcTimeoutS: 0,
    waitAfterSb: false,
    becomePrimaryOn: [],
  });
  assert.deepEqual(set, { net: [], options: [], startup: [], handlers: [] });
  assert.deepEqual(volumes[0]?.set, []);
});

test("a volume's options come before the resource's, and those before common's", () => {
  const resource = one(
    `common { net { timeout 10; ping-int 11; } disk { resync-rate 1M; c-min-rate 0; al-extents 100; }
       handlers { fence-peer "common"; split-brain "common"; } startup { wfc-timeout 5; become-primary-on alpha; } }
     resource r { net { timeout 20; } disk { resync-rate 2M; al-extents 200; } handlers { fence-peer "own"; }
       volume 3 { device minor 3; disk /dev/v3; meta-disk internal; disk { on-io-error pass_on; al-extents 777; } }
       on alpha { address 10.0.0.1:1; volume 3 { disk { al-extents 300; } } volume 4 { device minor 4; disk /dev/v4; meta-disk /dev/m[2]; } }
       on bravo { address 10.0.0.2:1; volume 4 { device minor 4; disk /dev/v4; meta-disk /dev/m; } } }`,
    "alpha",
  );
  assert.deepEqual([resource.net.timeoutMs, resource.net.pingIntMs], [2000, 11_000]);
  const [three, four] = resource.volumes;
  assert.deepEqual(
    [three?.number, three?.implicit, three?.options.alExtents, three?.options.resyncRateKibPerS],
    [3, false, 300, 2048],
  );
  assert.equal(three?.options.onIoError, "pass_on");
  assert.equal(three?.options.cMinRateKibPerS, 0);
  assert.deepEqual([four?.options.alExtents, four?.options.onIoError], [200, "detach"]);
  assert.deepEqual(four?.metaDisk, { kind: "indexed", path: "/dev/m", index: 2 });
  assert.equal(four?.device, "/dev/drbd4");
  assert.deepEqual(resource.handlers, { "split-brain": "common", "fence-peer": "own" });
  assert.equal(resource.startup.wfcTimeoutS, 5);
  assert.deepEqual(resource.startup.becomePrimaryOn, ["alpha"]);
});

test("what is set is listed in the order in which drbdadm hands it on, with its place", () => {
  const resource = one(
    `common {\n protocol A;\n net { timeout 10; ping-int 11; } }\nresource r { net { ko-count 3; timeout 20; } ${hosts} }`,
    "alpha",
  );
  assert.deepEqual(
    resource.set.net.map(({ name, value, place }) => [name, value, place.line]),
    [
      ["ping-int", "11", 3],
      ["protocol", "A", 2],
      ["ko-count", "3", 4],
      ["timeout", "20", 4],
    ],
  );
});

test("every option of the table has its place in the typed view: a set value arrives there", () => {
  for (const section of ["net", "disk", "options", "startup"] as const) {
    for (const [name, row] of optionTable[section]) {
      if (name === "resync-after" || name === "use-bmbv" || name === "max-bio-bvecs") continue;
      const value = sample(name, row);
      const secret = name === "shared-secret" ? "cram-hmac-alg md5;" : "";
      const text = `resource r { ${section} { ${secret} ${name} ${value}; } ${hosts} }`;
      const before = JSON.stringify(typed(one(`resource r { ${hosts} }`, "alpha")));
      const after = JSON.stringify(typed(one(text, "alpha")));
      assert.notEqual(after, before, name);
    }
  }
});

test("discard-node-HOST becomes local or remote, from each side", () => {
  const text = `resource r { net { after-sb-0pri discard-node-alpha; } ${hosts} }`;
  assert.equal(one(text, "alpha").net.afterSb0pri, "discard-local");
  assert.equal(one(text, "bravo").net.afterSb0pri, "discard-remote");
  assert.deepEqual(
    one(text, "bravo").set.net.map(({ value }) => value),
    ["discard-remote"],
  );
});

test("resync-after finds the other volume's minor; one that is not there is left out with a warning", () => {
  const other = `resource s { on alpha { device /dev/drbd7; disk /dev/s; meta-disk internal; address 10.0.0.1:2; }
    on bravo { device /dev/drbd7; disk /dev/s; meta-disk internal; address 10.0.0.2:2; } }`;
  const first = view(`resource r { disk { resync-after s; } ${hosts} } ${other}`, "alpha");
  const [volume] = first.value.resources[0]?.volumes ?? [];
  assert.deepEqual(volume?.options.resyncAfter, { resource: "s", volume: 0, minor: 7 });
  assert.deepEqual(
    volume?.set.map(({ name, value }) => [name, value]),
    [["resync-after", "7"]],
  );
  for (const target of ["t", "s/1"]) {
    const text = `resource r { disk { resync-after ${target}; } ${hosts} } ${other}`;
    const { value, notices } = view(text, "alpha");
    assert.deepEqual(codes(notices), ["HF1061"]);
    assert.equal(value.resources[0]?.volumes[0]?.options.resyncAfter, undefined);
    assert.deepEqual(value.resources[0]?.volumes[0]?.set, []);
  }
});

test("a circle of resync-after is warned of once, with all its volumes, and read all the same", () => {
  const named = (name: string, after: string, minor: number): string => {
    const on = (host: string, ip: string): string =>
      `on ${host} { device /dev/drbd${minor}; disk /dev/${name}; meta-disk internal; address ${ip}:${minor}; }`;
    return `resource ${name} {\n disk { resync-after ${after}; } ${on("alpha", "10.0.0.1")} ${on("bravo", "10.0.0.2")} }\n`;
  };
  const circle = named("a", "b", 1) + named("b", "c/0", 2) + named("c", "a", 3);
  const { value, notices } = view(`${circle}${named("d", "a", 4)}`, "alpha");
  assert.deepEqual(codes(notices), ["HF1070"]);
  assert.match(notices[0]?.message ?? "", /a\/0 -> b\/0 -> c\/0 -> a\/0; none of them/);
  assert.equal(notices[0]?.place.line, 2);
  assert.deepEqual(value.resources[0]?.volumes[0]?.options.resyncAfter?.resource, "b");
  assert.deepEqual(codes(view(named("a", "b", 1) + named("b", "a/1", 2), "alpha").notices), [
    "HF1061",
  ]);
});

test("what makes no sense is refused at its place", () => {
  const rows: readonly (readonly [text: string, code: string, message: RegExp])[] = [
    [`resource r {\n disk { on-io-error detatch; } ${hosts} }`, "HF1053", /expected one of detach/],
    [`resource r {\n net { after-sb-1pri x; } ${hosts} }`, "HF1053", /discard-secondary/],
    [`resource r {\n net { ping-timeout 500; } ${hosts} }`, "HF1052", /from 1 to 300/],
    [`resource r {\n net { ping-timeout soon; } ${hosts} }`, "HF1052", /from 1 to 300/],
    [
      `resource r {\n net { after-sb-0pri discard-node-zulu; } ${hosts} }`,
      "HF1058",
      /alpha, bravo/,
    ],
    [`resource r {\n startup { become-primary-on zulu; } ${hosts} }`, "HF1058", /alpha, bravo/],
    [
      `resource r {\n startup { become-primary-on both; } ${hosts} }`,
      "HF1069",
      /allow-two-primaries/,
    ],
    [
      `resource r { on bravo { address 10.0.0.2:1; }\n on alpha { address 10.0.0.1:1; } }`,
      "HF1054",
      /no volume/,
    ],
    [
      `resource r { device minor 1; meta-disk internal; on bravo { disk /dev/b; address 10.0.0.2:1; }
       on alpha { disk none; address 10.0.0.1:1; } }`,
      "HF1067",
      /without a disk/,
    ],
    [
      `resource r {\n net { cram-hmac-alg sha1; shared-secret "${"x".repeat(64)}"; } ${hosts} }`,
      "HF1052",
      /at most 63/,
    ],
  ];
  for (const [text, code, message] of rows) {
    const error = refused(text, "alpha");
    assert.equal(error.code, code, text);
    assert.match(error.message, message, text);
    assert.ok(error.remedy.length > 5, text);
    assert.ok(error.place.line >= 1 && error.place.line <= 2, text);
  }
  assert.equal(
    refused(`resource r {\n disk { on-io-error detatch; } ${hosts} }`, "alpha").remedy,
    "Write: on-io-error detach;",
  );
});

test("al-extents beyond its range is clamped, as the kernel does", () => {
  const { value, notices } = view(`resource r { disk { al-extents 7; } ${hosts} }`, "alpha");
  assert.equal(value.resources[0]?.volumes[0]?.options.alExtents, 67);
  assert.deepEqual(codes(notices), ["HF1052"]);
});

test("resources of others, stacked ones and those with a proxy are ignored with their reasons", () => {
  const proxied = hosts.replaceAll(
    /on (\w+) \{/g,
    "on $1 { proxy on $1 { inside 127.0.0.1:1; outside 127.0.0.1:2; }",
  );
  const { value, notices } = view(
    `resource r { ${hosts} } resource s { stacked-on-top-of r { device minor 9; address 10.1.0.1:1; }
       on zulu { device minor 9; disk /dev/z; meta-disk internal; address 10.1.0.2:1; } }
     resource p { ${proxied.replaceAll("drbd0", "drbd5").replaceAll(":7789", ":9").replaceAll(":7790", ":9")} }
     resource x { on y { device minor 1; disk /dev/y; meta-disk internal; address 10.9.0.1:1; } }`,
    "alpha",
  );
  assert.deepEqual(
    value.resources.map((resource) => resource.name),
    ["r"],
  );
  assert.deepEqual(value.ignored, [
    { name: "s", reason: "it is stacked" },
    { name: "p", reason: "it goes through drbd-proxy" },
    { name: "x", reason: "it has no section `on alpha`" },
  ]);
  assert.deepEqual(codes(notices), ["HF1067", "HF1067"]);
});

test("a file that is for other hosts only says who it is for", () => {
  const { value, notices } = view(`resource r { ${hosts} }`, "Alpha");
  assert.deepEqual(value.resources, []);
  assert.deepEqual(codes(notices), ["HF1060"]);
  assert.match(notices[0]?.message ?? "", /called `Alpha`, and the file names alpha, bravo/);
});

test("with one host or three the peer is not known, unless it is said", () => {
  const charlie = `on charlie { device /dev/drbd0; disk /dev/c; meta-disk internal; address 10.0.0.3:7789; }`;
  const alone = view(`resource r { ${alpha} }`, "alpha");
  assert.equal(alone.value.resources[0]?.peer, undefined);
  assert.deepEqual(codes(alone.notices), ["HF1066"]);
  const three = view(`resource r { ${hosts} ${charlie} }`, "alpha");
  assert.equal(three.value.resources[0]?.peer, undefined);
  assert.deepEqual(codes(three.notices), ["HF1066"]);
  const said = view(`resource r { ${hosts} ${charlie} }`, "alpha", { peer: "charlie" });
  assert.equal(said.value.resources[0]?.peer?.name, "charlie");
  assert.deepEqual(said.notices, []);
});

test("own addresses decide floating sections, and are checked where they are known", () => {
  const text = `resource r { device minor 1; disk /dev/a; meta-disk internal; floating 10.0.0.1:1; floating 10.0.0.2:1; }`;
  const localAddresses = ["127.0.0.1", "10.0.0.2"];
  const resource = view(text, "alpha", { localAddresses }).value.resources[0];
  assert.deepEqual(
    [resource?.local.address.host, resource?.peer?.name],
    ["10.0.0.2", "10.0.0.1:1"],
  );
  const plain = `resource r { ${hosts} }`;
  assert.equal(refused(plain, "alpha", { localAddresses }).code, "HF1065");
  const unchecked = `global { disable-ip-verification; } ${plain}`;
  assert.equal(view(unchecked, "alpha", { localAddresses }).value.resources.length, 1);
});

test("an IPv6 address is the same however it is written", () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["FD00::2", "fd00:0:0::0002", true],
    ["fe80::1%eth0", "fe80::1", true],
    ["fd00::2", "fd00::3", false],
    ["10.0.0.1", "10.0.0.1", true],
    ["10.0.0.1", "10.0.0.2", false],
  ];
  for (const [a, b, same] of rows) assert.equal(sameIp(a, b), same, `${a} ${b}`);
});

test("two volumes on one disk are told", () => {
  const { notices } = view(
    `resource r { ${hosts} } resource s { on alpha { device minor 1; disk /dev/a; meta-disk internal; address 10.0.0.1:1; }
      on bravo { device minor 1; disk /dev/x; meta-disk internal; address 10.0.0.2:1; } }`,
    "alpha",
  );
  assert.deepEqual(codes(notices), ["HF1068"]);
  assert.match(notices[0]?.message ?? "", /s\/0 uses the disk \/dev\/a, which is r\/0's/);
});

test("a secret without an algorithm, kernel options and options of a host are told to have no effect", () => {
  const { notices } = view(
    `resource r { net { shared-secret x; } disk { use-bmbv; } options { cpu-mask 1; }
      ${hosts.replace("on alpha {", "on alpha { options { cpu-mask 2; }")} }`,
    "alpha",
  );
  assert.deepEqual(codes(notices), ["HF1062", "HF1062", "HF1062", "HF1062"]);
});

test("the example is what the how-to wants", () => {
  assertHowTo(readFileSync(path.join(root, "examples/howto/drbd.conf"), "utf8"));
});

test("the how-to's own file is what it wants", (t) => {
  const seed = path.join(root, "../shared/seed/drbd.conf");
  if (!existsSync(seed)) {
    t.skip("the how-to's files are not beside the repository");
    return;
  }
  assertHowTo(readFileSync(seed, "utf8"));
});

function assertHowTo(text: string): void {
  const { value } = view(text, "xen2");
  assert.deepEqual(
    value.resources.map(({ name, local, peer, volumes }) => [
      name,
      local.address.host,
      peer?.name,
      peer?.address.host,
      local.address.port,
      volumes[0]?.minor,
      volumes[0]?.disk,
    ]),
    ["host1_root", "host1_swap", "host2_root", "host2_swap"].map((name, i) => [
      name,
      "10.0.0.2",
      "xen1",
      "10.0.0.1",
      7790 + i,
      i,
      `/dev/xenhostfs/${name.replace("_", "-")}`,
    ]),
  );
  for (const { net, volumes } of value.resources) {
    assert.deepEqual(
      [net.protocol, net.allowTwoPrimaries, net.afterSb0pri, net.afterSb1pri, net.afterSb2pri],
      ["C", true, "discard-zero-changes", "discard-secondary", "disconnect"],
    );
    assert.equal(volumes[0]?.options.resyncRateKibPerS, 10_240);
    assert.deepEqual(
      volumes[0]?.set.map((option) => option.name),
      ["resync-rate"],
    );
  }
}

function sample(name: string, row: ReturnType<(typeof optionTable)["net"]["get"]>): string {
  switch (row?.kind) {
    case "number":
      return String(row.default === row.max ? row.min : row.default + 1);
    case "flag":
      return row.default ? "no" : "yes";
    case "word":
      return row.words[1] ?? "";
    default:
      return `value-of-${name}`;
  }
}

function typed({ net, options, startup, volumes }: DrbdResourceConfig): unknown {
  return [net, options, startup, volumes.map((volume) => volume.options)];
}

function view(
  text: string,
  hostName: string,
  options: ResolveOptions = {},
): { readonly value: DrbdHostView; readonly notices: readonly Diagnostic[] } {
  const conf = parseDrbdConf(text, { file: "drbd.conf", include: () => [] });
  assert.ok(conf.ok, JSON.stringify(conf));
  const result = resolveDrbdConf(conf.value.value, hostName, options);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function one(text: string, hostName: string): DrbdResourceConfig {
  const { value } = view(text, hostName);
  assert.equal(value.resources.length, 1);
  return value.resources[0]!;
}

function refused(text: string, hostName: string, options: ResolveOptions = {}): Diagnostic {
  const conf = parseDrbdConf(text, { file: "drbd.conf", include: () => [] });
  assert.ok(conf.ok, JSON.stringify(conf));
  const result = resolveDrbdConf(conf.value.value, hostName, options);
  assert.ok(!result.ok, text);
  const errors = result.error.filter((each) => each.severity === "error");
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0]!;
}

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((each) => each.code);
}
