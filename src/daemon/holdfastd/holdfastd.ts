/**
 * The daemon: the shell around one node's machine. It performs the machine's effects with the host's means, and tells it
 * what came of them. It decides nothing. Guests and disk servers are other processes and live on when it ends.
 */

import { availableParallelism } from "node:os";
import type { ResourceAgent } from "../../agents/resource-agent.ts";
import type { By } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { unreachable } from "../../base/assert.ts";
import { Prng } from "../../base/prng.ts";
import { instant, wallTime } from "../../base/time.ts";
import { formatVersion } from "../../core/cib/version.ts";
import { clusterScheduler } from "../../core/node/cluster-scheduler.ts";
import type { NodeEffect, Notice } from "../../core/node/effects.ts";
import { Node } from "../../core/node/node.ts";
import { formatLastWritten } from "../../formats/cib/wall-time-text.ts";
import { interfaceDatagrams } from "../../host/datagram/interface-datagrams.ts";
import { hostFiles } from "../../host/files/files.ts";
import { hostLoadMeter } from "../../host/load/load-meter.ts";
import { stateDirectory } from "../../host/paths/daemon-paths.ts";
import { remoteKeyFile } from "../../host/paths/remote-key-path.ts";
import { kernelSeed } from "../../host/random/kernel-seed.ts";
import { PskStreams } from "../../host/stream/psk-streams.ts";
import { TcpStreams } from "../../host/stream/tcp-streams.ts";
import type { DatagramSender } from "../../ports/datagrams.ts";
import type { CibDesk } from "../cluster-methods/cib-desk.ts";
import { AgentDesk } from "./agent-desk.ts";
import { ClientDesk } from "./client-desk.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import type { DaemonLog } from "./daemon-log.ts";
import { DiskDesk, diskAgent } from "./disk-desk.ts";
import { DiskWatches } from "./disk-watches.ts";
import { runFenceAgent } from "./fence-desk.ts";
import { GuestDesk } from "./guest-desk.ts";
import { LoadWatch } from "./load-watch.ts";
import { type NodeAgents, nodeAgents } from "./node-agents.ts";
import { NodeLoop } from "./node-loop.ts";
import { type NewNotice, NoticeRing } from "./notice-ring.ts";
import { PeerAgentDesk } from "./peer-agent-desk.ts";
import { StateFiles, type StoredState } from "./state-files.ts";
import { fencingMark } from "./timeline-notices.ts";
import { TransitionDesk, transitionAgent } from "./transition-desk.ts";

export type HoldfastdOptions = {
  readonly config: ClusterConfig;
  readonly version: string;
  readonly log: DaemonLog;
  readonly stored: StoredState;
  readonly identity: { readonly uuid: string; readonly bootId: bigint };
  /** The daemon is done: it has left, or the others know that it restarts. */
  readonly onGone: () => void;
};

export class Holdfastd {
  readonly config: ClusterConfig;
  readonly startedAtMs: number = Date.now();
  readonly loop: NodeLoop;
  readonly clients: ClientDesk;
  readonly disks: DiskWatches;
  readonly diskDesk: DiskDesk;
  readonly transitions: TransitionDesk;
  readonly guests: GuestDesk;
  readonly notices: NoticeRing;
  readonly #log: DaemonLog;
  readonly #onGone: () => void;
  readonly #agents: NodeAgents;
  readonly #agentDesk: AgentDesk;
  readonly #peerAgents: PeerAgentDesk;
  readonly #stateFiles: StateFiles;
  readonly #streams: TcpStreams;
  readonly #remotes: PskStreams;
  readonly #watchers = new Set<() => void>();
  readonly #load: LoadWatch;
  #datagrams: DatagramSender | undefined;
  #addresses: readonly string[] = [];

  constructor({ config, version, log, stored, identity, onGone }: HoldfastdOptions) {
    const { self, nodes } = config.members;
    const { keyring, timings, migrationKey } = config;
    this.config = config;
    this.#log = log;
    this.#onGone = onGone;
    this.notices = new NoticeRing(self);
    const membership = { self: { name: self, ...identity }, nodes, timings, keyring };
    const machine = new Node(
      {
        ...{ membership, stored, schedule: clusterScheduler, version },
        // Of nodes that have not said their own.
        limits: { nodeActionsMax: 2 * availableParallelism() },
      },
      new Prng(kernelSeed()),
      { now: instant(performance.now()), wall: wallTime(Date.now()) },
    );
    this.loop = new NodeLoop(machine, (effect) => this.#perform(effect));
    const post = this.loop.post.bind(this.loop);
    const files = hostFiles();
    this.clients = new ClientDesk(post);
    this.#peerAgents = new PeerAgentDesk(post);
    this.diskDesk = new DiskDesk(self, this.#peerAgents);
    this.transitions = new TransitionDesk({
      ...{ peers: this.#peerAgents, files, stateDirectory: stateDirectory() },
    });
    this.#stateFiles = new StateFiles(files, stateDirectory(), post);
    this.disks = new DiskWatches({
      post,
      notice: (notice) => this.notice(notice),
      onChange: () => this.#changed(),
    });
    this.#agents = nodeAgents({
      ...{ node: self, files, migrationKey, peers: this.#peerAgents },
      stateDirectory: stateDirectory(),
      address: () => this.#addresses[0] ?? "",
      onPoweredOn: (guest) => this.#noticeGuest("guest-powered-on", guest, "is powered on"),
    });
    this.#agentDesk = new AgentDesk({
      agents: this.#agents,
      post,
      onDone: ({ agent, resource, action }, rc) => {
        if (agent.type === "Xen" && action === "start" && rc === 0) {
          this.#noticeGuest("guest-started", resource, "runs");
        }
      },
    });
    this.#load = new LoadWatch(hostLoadMeter(), post);
    this.guests = new GuestDesk({ agents: this.#agents, files, cib: () => this.loop.cib });
    this.#streams = new TcpStreams({
      accepted: (connection, address) => post({ kind: "accepted", connection, address }),
      connected: (connection) => post({ kind: "connected", connection }),
      bytes: (connection, bytes) => post({ kind: "bytes", connection, bytes }),
      closed: (connection, why) => post({ kind: "closed", connection, why }),
    });
    this.#remotes = new PskStreams(remoteKeyFile(), {
      connected: (connection) => post({ kind: "remote-connected", connection }),
      bytes: (connection, bytes) => post({ kind: "remote-bytes", connection, bytes }),
      closed: (connection, why, isKeyWrong) =>
        post({ kind: "remote-closed", connection, why, isKeyWrong }),
    });
  }

  /** The agent of guests, as the executor runs it. */
  get xen(): ResourceAgent {
    return this.#agents.xen;
  }

  /** @throws UserError when a port is in use or may not be opened. */
  async start(): Promise<void> {
    const { port, media, drbd } = this.config;
    await this.#streams.listen(port);
    await this.disks.start(drbd?.resources ?? []);
    this.#datagrams = await interfaceDatagrams.open(
      { media, port },
      {
        datagram: (path, address, bytes) =>
          this.loop.post({ kind: "datagram", path, address, bytes }),
        addresses: (addresses) => {
          this.#addresses = addresses;
          this.loop.post({ kind: "own-addresses", addresses });
        },
        trouble: (path, trouble) => this.#onTrouble(path, trouble),
      },
    );
    this.loop.post({ kind: "wake" });
    this.#load.begin();
  }

  /** Where the cluster's methods find and change the CIB. */
  cibDesk(): CibDesk {
    return {
      cib: () => this.loop.cib,
      whole: () => this.loop.cib,
      wallNow: () => wallTime(Date.now()),
      change: async (change, by, access) => {
        const origin = { ...this.#originOf(by), ...(access !== undefined && { access }) };
        const { version, touched } = await this.clients.ask({ kind: "change-cib", change, origin });
        return { version: formatVersion(version), touched: touchedWord(touched) };
      },
    };
  }

  notice(notice: NewNotice): void {
    const { level, code, message, fields } = notice;
    this.#log(level, message, { code, ...fields });
    this.notices.add(notice);
  }

  /** Called, soon, whenever the status has changed. @returns what ends it. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** No event is handled any more, nothing is sent. */
  close(): void {
    this.#load.end();
    this.loop.end();
    this.#remotes.stop();
    this.disks.close();
  }

  #perform(effect: NodeEffect): void {
    switch (effect.kind) {
      case "send-datagram":
        this.#datagrams?.send(effect.bytes);
        return;
      case "dial":
        this.#streams.dial(effect.connection, {
          address: effect.address,
          port: this.config.port,
        });
        return;
      case "write":
        this.#streams.write(effect.connection, effect.parts);
        return;
      case "close":
        this.#streams.close(effect.connection);
        return;
      case "remote-dial":
        this.#remotes.dial(effect.connection, effect);
        return;
      case "remote-write":
        this.#remotes.write(effect.connection, effect.parts);
        return;
      case "remote-close":
        this.#remotes.close(effect.connection);
        return;
      case "write-file":
        this.#stateFiles.write(effect);
        return;
      case "remove-file":
        this.#stateFiles.remove(effect);
        return;
      case "client-reply":
        this.clients.onReply(effect.id, effect.reply);
        return;
      case "notice":
        this.#onNotice(effect);
        return;
      case "status-changed":
        this.#changed();
        return;
      case "gone":
        this.#onGone();
        return;
      case "hint-peer-lost":
      case "set-disk-fencing-policy":
      case "fence-verdict":
      case "outdate-disk":
      case "force-copy":
        this.disks.perform(effect);
        return;
      default:
        this.#performByAgents(effect);
    }
  }

  #performByAgents(effect: AgentEffect): void {
    switch (effect.kind) {
      case "run-agent":
        this.#agentDesk.run(effect);
        return;
      case "cancel-agent":
        this.#agentDesk.cancel(effect.token);
        return;
      case "run-fence-agent":
        void runFenceAgent(this.#agents.fencing, effect).then((ended) => this.loop.post(ended));
        return;
      case "find-disks":
        void this.#agentDesk.findDisks(effect);
        return;
      case "answer-peer-agent":
        void this.#answerPeer(effect);
        return;
      case "peer-agent-reply":
        this.#peerAgents.onReply(effect.id, effect.outcome);
        return;
      default:
        unreachable(effect);
    }
  }

  async #answerPeer(effect: AnswerPeer): Promise<void> {
    const { request, token } = effect;
    if (request.agent !== diskAgent && request.agent !== transitionAgent) {
      await this.#agentDesk.answerPeer(effect);
      return;
    }
    const desk = request.agent === diskAgent ? this.diskDesk : this.transitions;
    const reply = await desk.answer(request);
    this.loop.post({ kind: "peer-agent-answer", token, reply });
  }

  #onNotice(effect: Notice): void {
    const { level, code, message, fields } = effect;
    this.notice({ level, code, message, fields });
    const mark = fencingMark(effect);
    if (mark !== undefined) this.notices.add(mark);
  }

  #noticeGuest(code: string, guest: string, what: string): void {
    const message = `${guest} ${what} on ${this.config.members.self}.`;
    this.notice({ level: "info", code, message, fields: { guest } });
  }

  #onTrouble(
    path: string,
    trouble:
      | { readonly code: string; readonly message: string; readonly remedy: string }
      | undefined,
  ): void {
    const fields = { path };
    if (trouble === undefined) {
      const message = `The medium on ${path} works again.`;
      this.notice({ level: "info", code: "medium-works", message, fields });
      return;
    }
    const message = `${trouble.message}. ${trouble.remedy}`;
    this.notice({ level: "warn", code: trouble.code, message, fields });
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #originOf({ client, user }: By) {
    const written = formatLastWritten(wallTime(Date.now()));
    return { node: this.config.members.self, client, user, written };
  }
}

type AnswerPeer = Extract<NodeEffect, { kind: "answer-peer-agent" }>;

type AgentEffect = Extract<
  NodeEffect,
  {
    kind:
      | "run-agent"
      | "cancel-agent"
      | "run-fence-agent"
      | "find-disks"
      | "answer-peer-agent"
      | "peer-agent-reply";
  }
>;

function touchedWord(word: string): "configuration" | "status" | "nothing" {
  if (word === "configuration" || word === "status" || word === "nothing") return word;
  throw new UserError("HF9003", `the cluster touched "${word}", which is unknown here`);
}
