/**
 * A machine that is no member of the cluster but runs pacemaker_remoted, and services. The daemon answers as Debian's 2.1
 * does, without TLS; `test/system/remote` has the same asked of the real one.
 */
import {
  RemoteFrameReader,
  remoteFrameParts,
} from "../../../src/formats/pacemaker-remote/remote-frame.ts";
import {
  attribute,
  descendants,
  element,
  type XmlAttributes,
  type XmlElement,
} from "../../../src/formats/xml/xml-element.ts";
import type { SimStream } from "../../kernel/sim-stream.ts";
import { SimServices } from "./sim-services.ts";
import { traceLine, type World } from "./sim-world.ts";

const port = 3121;
/** What an operation of a dummy takes. */
const operationMs = 20;

type Session = { readonly stream: SimStream; readonly reader: RemoteFrameReader };

export class SimRemoteNode {
  readonly name: string;
  readonly services: SimServices = new SimServices();
  readonly #world: World;
  readonly #sessions = new Set<Session>();
  #powered = true;
  #isSilent = false;
  #isLeaving = false;
  #lastCallId = 0;
  #lastFrame = 0;
  /** Counts starts of the daemon: what an earlier one was at comes to nothing. */
  #start = 0;

  constructor(world: World, name: string) {
    this.name = name;
    this.#world = world;
    world.network.addHost(name);
    this.startDaemon();
  }

  get powered(): boolean {
    return this.#powered;
  }

  get isAwake(): boolean {
    return this.#powered;
  }

  executes(resource: string): boolean {
    return this.services.isActive(resource);
  }

  powerOff(): void {
    this.#powered = false;
    this.services.powerOff();
    this.#end();
    this.#world.network.powerOff(this.name);
  }

  /** It boots, and its daemon with it. */
  powerOn(): void {
    this.#powered = true;
    this.#world.network.powerOn(this.name);
    this.startDaemon();
  }

  startDaemon(): void {
    this.#trace("pacemaker_remoted starts");
    this.#isLeaving = false;
    this.#isSilent = false;
    this.#start += 1;
    this.#world.network.listen(this.name, port, (stream) => this.#accept(stream));
  }

  /** It answers nothing any more, and what it was asked to do is not done. */
  hang(): void {
    this.#isSilent = true;
  }

  /** A person stops the daemon: it ends when no cluster node is connected any more. */
  stopDaemon(): void {
    this.#trace("pacemaker_remoted is to end");
    this.#isLeaving = true;
    for (const session of this.#sessions) {
      this.#say(session, element("lrmd_ipc_proxy", { ...notify, lrmd_ipc_op: "shutdown_req" }));
    }
  }

  /** The daemon dies; what it has started goes on. */
  killDaemon(): void {
    this.#end();
    this.#world.network.processDied(this.name);
  }

  #end(): void {
    this.#trace("pacemaker_remoted is gone");
    this.#start += 1;
    this.#sessions.clear();
  }

  #accept(stream: SimStream): void {
    const session = { stream, reader: new RemoteFrameReader() };
    for (const other of this.#sessions) {
      this.#say(other, element("lrmd_notify", { ...notify, lrmd_op: "lrmd_rsc_new_client" }));
    }
    this.#sessions.add(session);
    stream.use({
      onData: (bytes) => this.#onBytes(session, bytes),
      onClosed: () => this.#onClosed(session),
    });
  }

  #onClosed(session: Session): void {
    this.#sessions.delete(session);
    if (this.#isLeaving && this.#sessions.size === 0) this.killDaemon();
  }

  #onBytes(session: Session, bytes: Uint8Array): void {
    if (this.#isSilent || !this.#sessions.has(session)) return;
    session.reader.push(bytes);
    for (;;) {
      const taken = session.reader.take();
      if (!taken.ok || taken.value === undefined) return;
      this.#onRequest(session, taken.value);
    }
  }

  #onRequest(session: Session, request: XmlElement): void {
    if (attribute(request, "lrmd_op") === "lrmd_rsc_exec") this.#onOperation(session, request);
    else this.#reply(session, request, 0);
  }

  #onOperation(session: Session, request: XmlElement): void {
    const callId = ++this.#lastCallId;
    this.#reply(session, request, callId);
    const asked = [...descendants(request)].find((each) => each.name === "lrmd_rsc");
    const resource = (asked && attribute(asked, "lrmd_rsc_id")) ?? "";
    const action = (asked && attribute(asked, "lrmd_rsc_action")) ?? "";
    const mark = (asked && attribute(asked, "lrmd_rsc_userdata_str")) ?? "";
    const fault = this.services.takeFault({ resource, action });
    if (fault?.kind === "hangs") return;
    const start = this.#start;
    this.#world.clock.after(fault?.kind === "takes" ? fault.ms : operationMs, () => {
      if (start !== this.#start || this.#isSilent) return;
      const { rc } = fault?.kind === "fails" ? fault : this.services.perform(resource, action);
      const told = {
        ...{ lrmd_op: "lrmd_rsc_exec", lrmd_rsc_userdata_str: mark, lrmd_exec_op_status: "0" },
        ...{ lrmd_exec_rc: String(rc), lrmd_callid: String(callId) },
      };
      this.#say(session, element("lrmd_notify", { ...notify, ...told }));
    });
  }

  #reply(session: Session, request: XmlElement, rc: number): void {
    const id = attribute(request, "lrmd_remote_msg_id") ?? "";
    const reply = { lrmd_rc: String(rc), lrmd_remote_msg_id: id, lrmd_remote_msg_type: "reply" };
    this.#say(session, element("lrmd_reply", reply));
  }

  #say(session: Session, message: XmlElement): void {
    if (!this.#sessions.has(session)) return;
    for (const part of remoteFrameParts(message, ++this.#lastFrame)) session.stream.send(part);
  }

  #trace(text: string): void {
    traceLine(this.#world, this.name, text);
  }
}

const notify: XmlAttributes = { lrmd_remote_msg_type: "notify" };
