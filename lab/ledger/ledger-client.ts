/**
 * Appends to one guest's ledger without pause, one record outstanding, over plain TCP. A connection that is refused,
 * broken or silent for too long is given up and made anew, with the same record: the ledger knows it by its number.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../src/api/user-error.ts";
import { LedgerAccount } from "./ledger-account.ts";
import { type LedgerReply, ledgerPort, ledgerRecord, parseLedgerReply } from "./ledger-protocol.ts";

/** Short, so that it is the guest's coming back that is measured and not our waiting. */
const connectLimitMs = 250;
/** Longer than a busy disk takes: a new connection has to wait until the ledger has done with the old one. */
const replyLimitMsPreset = 2000;
/**
 * A guest that is slower than that is given twice as long each time, until it acknowledges: else every connection would
 * be given up before the answer, and the next would wait for the guest to be done with it.
 */
const slownessMax = 16;
const retryPauseMs = 50;
/** An answer after a longer silence than this is told. */
const silenceToldMs = 500;

export type LedgerGuest = {
  readonly name: string;
  readonly address: string;
  readonly port?: number;
};

export type LedgerNews =
  /** The first acknowledgement, and each one after a silence. */
  | { readonly kind: "answers"; readonly atMs: number; readonly afterMs: number }
  | { readonly kind: "booted"; readonly atMs: number; readonly bootId: string }
  /** The guest's own count shows that acknowledged records are gone. */
  | { readonly kind: "lost"; readonly last: number; readonly acknowledged: number };

export class LedgerClient {
  readonly guest: LedgerGuest;
  readonly #run: string;
  readonly #tell: (news: LedgerNews) => void;
  #account: LedgerAccount | undefined;
  readonly #replyLimitMs: number;
  /** How many times the limit its answers get. */
  #slowness = 1;
  #stopping = false;
  #running: Promise<void> | undefined;

  /** @param run makes this client's records its own; no blanks. */
  constructor(
    guest: LedgerGuest,
    run: string,
    tell: (news: LedgerNews) => void,
    replyLimitMs: number = replyLimitMsPreset,
  ) {
    this.guest = guest;
    this.#replyLimitMs = replyLimitMs;
    this.#run = run;
    this.#tell = tell;
  }

  /** Undefined until the guest has answered for the first time. */
  get account(): LedgerAccount | undefined {
    return this.#account;
  }

  start(): void {
    this.#running = this.#appendForEver();
  }

  /** Ends after the record that is outstanding, or its connection, is done with. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  /** @returns the ledger's lines. @throws UserError HF7019 when it cannot be read whole within the limit. */
  async readBack(limitMs: number): Promise<readonly string[]> {
    const end = nowMs() + limitMs;
    while (nowMs() < end) {
      const connection = await this.#connect();
      const lines = await connection?.readAll().catch(() => undefined);
      this.#close(connection);
      if (lines !== undefined) return lines;
      await sleep(retryPauseMs);
    }
    const { name, address } = this.guest;
    throw new UserError("HF7019", `the ledger of ${name} at ${address} does not answer`);
  }

  async #appendForEver(): Promise<void> {
    while (!this.#stopping) {
      const connection = await this.#connect();
      if (connection !== undefined) {
        await this.#appendOver(connection).catch((error: unknown) => {
          if (!(error instanceof ConnectionEnded)) throw error;
        });
      }
      this.#close(connection);
      if (!this.#stopping) await sleep(retryPauseMs);
    }
  }

  async #connect(): Promise<LedgerConnection | undefined> {
    const limitMs = this.#replyLimitMs * this.#slowness;
    return await LedgerConnection.open(this.guest, limitMs).catch(() => undefined);
  }

  #close(connection: LedgerConnection | undefined): void {
    if (connection?.wasSilent === true) this.#slowness = Math.min(this.#slowness * 2, slownessMax);
    connection?.close();
  }

  async #appendOver(connection: LedgerConnection): Promise<void> {
    const account = this.#onBoot(await connection.ask("boot"));
    while (!this.#stopping) {
      const number = account.nextNumber;
      const reply = await connection.ask(`put ${ledgerRecord(this.#run, number)}`);
      if (reply.kind !== "ok" || reply.number !== number) throw new ConnectionEnded();
      const before = account.lastAcknowledgedMs;
      const atMs = nowMs();
      account.onAcknowledged(number, atMs);
      this.#slowness = 1;
      if (before === undefined || atMs - before > silenceToldMs) {
        this.#tell({ kind: "answers", atMs, afterMs: before === undefined ? 0 : atMs - before });
      }
    }
  }

  #onBoot(reply: LedgerReply): LedgerAccount {
    if (reply.kind !== "boot") throw new ConnectionEnded();
    this.#account ??= new LedgerAccount(this.#run, reply.last + 1, nowMs());
    const account = this.#account;
    if (account.onBoot(reply.id)) {
      this.#tell({ kind: "booted", atMs: nowMs(), bootId: reply.id });
    }
    // The ledger may have one more than we know of: the record whose acknowledgement was lost on the way.
    if (reply.last < account.nextNumber - 1) {
      this.#tell({ kind: "lost", last: reply.last, acknowledged: account.nextNumber - 1 });
    }
    return account;
  }
}

/** Milliseconds of the machine's monotonic clock, the same in all its processes. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The connection is of no use any more: refused, broken, silent, or its words are not a ledger's. */
class ConnectionEnded extends Error {}

class LedgerConnection {
  /** It was ended because an answer did not come in time. */
  wasSilent = false;
  readonly #socket: net.Socket;
  readonly #replyLimitMs: number;
  #buffered = "";
  #lines: string[] = [];
  #wake: () => void = () => {};

  static open(guest: LedgerGuest, replyLimitMs: number): Promise<LedgerConnection> {
    const socket = net.connect({
      host: guest.address,
      port: guest.port ?? ledgerPort,
      noDelay: true,
    });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new ConnectionEnded()), connectLimitMs);
      socket.once("close", () => {
        clearTimeout(timer);
        reject(new ConnectionEnded());
      });
      socket.once("connect", () => {
        clearTimeout(timer);
        resolve(new LedgerConnection(socket, replyLimitMs));
      });
      socket.on("error", () => socket.destroy());
    });
  }

  constructor(socket: net.Socket, replyLimitMs: number) {
    this.#socket = socket;
    this.#replyLimitMs = replyLimitMs;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      const lines = (this.#buffered + chunk).split("\n");
      this.#buffered = lines.pop() ?? "";
      this.#lines.push(...lines);
      this.#wake();
    });
    socket.on("close", () => this.#wake());
  }

  async ask(request: string): Promise<LedgerReply> {
    this.#socket.write(`${request}\n`);
    const reply = parseLedgerReply(await this.#nextLine());
    if (reply === undefined) throw new ConnectionEnded();
    return reply;
  }

  async readAll(): Promise<readonly string[]> {
    this.#socket.write("read\n");
    const lines: string[] = [];
    for (;;) {
      const line = await this.#nextLine();
      if (line === "end") return lines;
      lines.push(line);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #nextLine(): Promise<string> {
    if (this.#lines.length === 0 && !this.#socket.destroyed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.wasSilent = true;
          this.#socket.destroy();
        }, this.#replyLimitMs);
        this.#wake = (): void => {
          if (this.#lines.length === 0 && !this.#socket.destroyed) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const line = this.#lines.shift();
    if (line === undefined) throw new ConnectionEnded();
    return line;
  }
}
