/**
 * One disk server as holdfastd sees it: watched as long as its control socket is there, served as the one who answers
 * its fence requests, and told what the cluster decides.
 */
import type { DiskFenceRequest, DiskMethods } from "../../api/disk-protocol.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type { FencingPolicy } from "../../core/fencer/types.ts";
import { type ControlConnection, connectControl } from "../../host/control/control-client.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";

export type DiskListener = {
  /** Undefined: it is not there any more. */
  status(drbdResource: string, status: DiskResourceStatus | undefined): void;
  fenceRequest(drbdResource: string, request: DiskFenceRequest): void;
  /** Something that it was told did not come about. */
  trouble(drbdResource: string, message: string): void;
};

export class DiskWatch {
  readonly resource: string;
  readonly #listener: DiskListener;
  #connection: ControlConnection | undefined;
  #isConnecting = false;
  #isClosed = false;
  #status: DiskResourceStatus | undefined;
  #policy: FencingPolicy | undefined;

  constructor(resource: string, listener: DiskListener) {
    this.resource = resource;
    this.#listener = listener;
  }

  get status(): DiskResourceStatus | undefined {
    return this.#status;
  }

  /** Connects unless it is connected; that nobody listens yet is no trouble. */
  async connect(): Promise<void> {
    if (this.#connection !== undefined || this.#isConnecting || this.#isClosed) return;
    this.#isConnecting = true;
    try {
      await this.#connect();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    } finally {
      this.#isConnecting = false;
    }
  }

  setPolicy(policy: FencingPolicy): void {
    this.#policy = policy;
    void this.#tell("fencing", { policy });
  }

  hintPeerLost(): void {
    void this.#tell("peer-lost", {});
  }

  giveVerdict(request: number, exitCode: number): void {
    void this.#tell("fence-verdict", { request, exitCode });
  }

  /** Outdated in the metadata of all volumes. @throws UserError when it is refused. */
  async outdate(): Promise<void> {
    for (const { volume } of this.#status?.volumes ?? []) await this.#ask("outdate", { volume });
  }

  /** A person's word: the copy counts as UpToDate. @throws UserError when it is refused. */
  async forceCopy(): Promise<void> {
    await this.#ask("primary", { force: true });
    await this.#ask("secondary", {});
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close();
  }

  async #connect(): Promise<void> {
    const { controlSocket } = diskPaths(this.resource);
    const connection = await connectControl(controlSocket, this.#who);
    connection.onEvent((event, data) => this.#onEvent(event, data));
    connection.onClose(() => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#setStatus(undefined);
    });
    this.#connection = connection;
    const status = (await connection.request("watch")) as DiskResourceStatus;
    this.#setStatus(status);
    await connection.request("serve-fencing");
    if (this.#policy !== undefined) await connection.request("fencing", { policy: this.#policy });
  }

  #onEvent(event: string, data: unknown): void {
    if (event === "status") this.#setStatus(data as DiskResourceStatus);
    if (event === "fence-peer") void this.#onFenceRequest(data as DiskFenceRequest);
  }

  /**
   * The request comes before the status in which the peer is gone, and one about a disk that has its peer would not be
   * looked at: the status is asked for first.
   */
  async #onFenceRequest(request: DiskFenceRequest): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      this.#setStatus((await connection.request("status")) as DiskResourceStatus);
      this.#listener.fenceRequest(this.resource, request);
    } catch (error) {
      // The server has ended: it asks again when it is back.
      if (!(error instanceof UserError)) throw error;
    }
  }

  #setStatus(status: DiskResourceStatus | undefined): void {
    this.#status = status;
    if (!this.#isClosed) this.#listener.status(this.resource, status);
  }

  async #tell<M extends keyof DiskMethods>(
    method: M,
    params: DiskMethods[M]["params"],
  ): Promise<void> {
    try {
      await this.#ask(method, params);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#listener.trouble(this.resource, `${method}: ${error.message}`);
    }
  }

  async #ask<M extends keyof DiskMethods>(
    method: M,
    params: DiskMethods[M]["params"],
  ): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) throw new UserError("HF9002", `${this.#who} does not answer`);
    await connection.request(method, params as Readonly<Record<string, unknown>>);
  }

  get #who(): string {
    return `the disk server of ${this.resource}`;
  }
}
