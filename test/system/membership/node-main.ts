/**
 * Membership and links of one node on real sockets, as a daemon runs them: a JSON line for each effect on stdout, a
 * JSON line for each command on stdin. Arguments: own name, the nodes (comma), the port, the key, the deadtime in ms, then
 * each medium as in ha.cf.
 */
import { createInterface } from "node:readline";
import { UserError } from "../../../src/api/user-error.ts";
import { Prng } from "../../../src/base/prng.ts";
import { type Instant, instant } from "../../../src/base/time.ts";
import { decodeUtf8, encodeUtf8 } from "../../../src/base/utf8.ts";
import { linkEvent } from "../../../src/core/link/follow-membership.ts";
import { Links } from "../../../src/core/link/links.ts";
import type { LinkEffect, LinkEvent } from "../../../src/core/link/types.ts";
import { Membership } from "../../../src/core/membership/membership.ts";
import type { MembershipEffect, MembershipEvent } from "../../../src/core/membership/types.ts";
import { parseAuthKeys } from "../../../src/formats/authkeys/parse-authkeys.ts";
import { keyringOf } from "../../../src/formats/cluster-packet/authkeys-keyring.ts";
import { interfaceDatagrams } from "../../../src/host/datagram/interface-datagrams.ts";
import { kernelSeed } from "../../../src/host/random/kernel-seed.ts";
import { TcpStreams } from "../../../src/host/stream/tcp-streams.ts";
import type { DatagramSender, Medium } from "../../../src/ports/datagrams.ts";

const [name = "", nodeList = "", portText = "", key = "", deadtimeText = "", ...mediaWords] =
  process.argv.slice(2);
const nodes = nodeList.split(",");
const port = Number(portText);
const parsed = parseAuthKeys(`auth 1\n1 sha1 ${key}\n`, "authkeys");
if (!parsed.ok) throw new Error("the key is not right");
const keyring = keyringOf(parsed.value.value);
const timings = {
  keepaliveMs: 250,
  warntimeMs: 1000,
  deadtimeMs: Number(deadtimeText),
  initdeadMs: 10_000,
  restartHoldMsMax: 30_000,
};
const prng = new Prng(kernelSeed());
const uuid = `00000000-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0")}`;
const self = { name, uuid, bootId: 1n };
const membership = new Membership({ self, nodes, timings, keyring }, prng.fork(), now());
const { incarnation } = membership;
const linkOptions = { self: { name, incarnation }, nodes, keyring, ...timings };
const links = new Links(linkOptions, prng.fork());
const streams = new TcpStreams({
  accepted: (connection, address) => link({ kind: "accepted", connection, address }),
  connected: (connection) => link({ kind: "connected", connection }),
  bytes: (connection, bytes) => link({ kind: "bytes", connection, bytes }),
  closed: (connection, why) => link({ kind: "closed", connection, why }),
});
let datagrams: DatagramSender | undefined;
let timer: NodeJS.Timeout | undefined;

try {
  await streams.listen(port);
  datagrams = await interfaceDatagrams.open(
    { media: mediaOf(mediaWords), port },
    {
      datagram: (path, address, bytes) => member({ kind: "datagram", path, address, bytes }),
      addresses: (addresses) => member({ kind: "own-addresses", addresses }),
      trouble: (path, trouble) => say({ kind: "trouble", path, code: trouble?.code ?? "none" }),
    },
  );
} catch (error) {
  say({ kind: "failed", code: error instanceof UserError ? error.code : String(error) });
  process.exit(1);
}
say({ kind: "started" });
member({ kind: "wake" });

createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line) as { do: string; to: string; text: string };
  if (command.do === "leave") member({ kind: "leave" });
  if (command.do === "state") say({ kind: "state", members: membership.state(now()).members });
  if (command.do === "send") {
    link({ kind: "send-message", to: command.to, bytes: encodeUtf8(command.text) });
  }
});

function member(event: MembershipEvent): void {
  for (const effect of membership.handle(event, now())) performMembership(effect);
  setTimer();
}

function performMembership(effect: MembershipEffect): void {
  if (effect.kind === "send-datagram") {
    datagrams?.send(effect.bytes);
    return;
  }
  say(effect);
  const event = linkEvent(effect);
  if (event !== undefined) link(event);
  if (effect.kind === "gone") process.exit(0);
}

function link(event: LinkEvent): void {
  for (const effect of links.handle(event, now())) performLink(effect);
  setTimer();
}

function performLink(effect: LinkEffect): void {
  switch (effect.kind) {
    case "dial":
      streams.dial(effect.connection, { address: effect.address, port });
      return;
    case "write":
      streams.write(effect.connection, effect.parts);
      return;
    case "close":
      streams.close(effect.connection);
      return;
    case "message":
      say({ kind: "message", from: effect.from, text: decodeUtf8(effect.bytes) });
      return;
    default:
      say(effect);
  }
}

function setTimer(): void {
  clearTimeout(timer);
  const deadlines = [membership.nextDeadline(), links.nextDeadline()];
  const next = Math.min(...deadlines.map((each) => each ?? Number.POSITIVE_INFINITY));
  timer = setTimeout(
    () => {
      const at = now();
      if ((membership.nextDeadline() ?? Infinity) <= at) member({ kind: "wake" });
      if ((links.nextDeadline() ?? Infinity) <= at) link({ kind: "wake" });
      setTimer();
    },
    Math.max(0, Math.ceil(next - now())),
  );
}

function now(): Instant {
  return instant(performance.now());
}

function say(what: object): void {
  const line = JSON.stringify(what, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString(16) : value,
  );
  process.stdout.write(`${line}\n`);
}

function mediaOf(words: readonly string[]): readonly Medium[] {
  return words.map((word) => {
    const [kind, device = "", address = ""] = word.split(" ");
    if (kind === "ucast") return { kind, interface: device, address };
    if (kind === "bcast") return { kind, interface: device };
    const group = { group: address, port: undefined, ttl: 1, loop: false };
    return { kind: "mcast", interface: device, ...group };
  });
}
