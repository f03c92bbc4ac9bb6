/** Starts the ledger client in a lab's LAN namespace and talks with it: what the demo and the tests hold. */
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../src/api/user-error.ts";
import type { PhaseReport, Verdict } from "./ledger-account.ts";
import type { LedgerGuest, LedgerNews } from "./ledger-client.ts";
import type { LedgerOrder, LedgerWord } from "./ledger-orders.ts";

const askAgainMs = 50;

export type LedgerSession = {
  /** All news so far, in their order. */
  readonly news: readonly GuestNews[];
  /** Resolves with the first news, from now on or already there, that the condition holds for. */
  awaitNews(condition: (news: GuestNews) => boolean, limitMs: number): Promise<GuestNews>;
  /** Resolves when this guest has acknowledged a record after this call. @throws UserError HF7019 at the limit. */
  awaitRecord(guest: string, limitMs: number): Promise<void>;
  beginPhase(name: string): Promise<Readonly<Record<string, PhaseReport | undefined>>>;
  count(): Promise<Extract<LedgerWord, { word: "count" }>["guests"]>;
  /** Ends the client. @throws UserError HF7019 when a ledger cannot be read back. */
  finish(limitMs: number): Promise<Readonly<Record<string, Verdict | undefined>>>;
  /** Ends the client without a verdict. */
  abandon(): void;
};

export type GuestNews = { readonly guest: string; readonly news: LedgerNews };

/** @param enter how a command is run where the guests can be reached, for example `commandOnClient`. */
export function startLedgerSession(
  guests: readonly LedgerGuest[],
  run: string,
  enter: (argv: readonly string[]) => readonly string[],
): LedgerSession {
  const places = guests.map(({ name, address, port }) =>
    port === undefined ? `${name}=${address}` : `${name}=${address}:${port}`,
  );
  const program = path.join(import.meta.dirname, "main.ts");
  const [command = "", ...args] = enter([process.execPath, program, run, ...places]);
  // In a process group of its own: a Ctrl-C is for the demo, which ends the client in its own time.
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  child.stdin.on("error", () => {});
  const news: GuestNews[] = [];
  const listeners = new Set<() => void>();
  const answers: ((word: LedgerWord | undefined) => void)[] = [];
  let ended = false;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  readline.createInterface({ input: child.stdout }).on("line", (line) => {
    const word = JSON.parse(line) as LedgerWord;
    if (word.word === "news") {
      news.push({ guest: word.guest, news: word.news });
      tell();
    } else answers.shift()?.(word);
  });
  child.once("close", () => {
    ended = true;
    for (const answer of answers.splice(0)) answer(undefined);
    tell();
  });
  const ask = async (order: LedgerOrder): Promise<LedgerWord> => {
    const reply = await new Promise<LedgerWord | undefined>((resolve) => {
      if (ended) resolve(undefined);
      answers.push(resolve);
      child.stdin.write(`${JSON.stringify(order)}\n`);
    });
    if (reply === undefined) throw new UserError("HF7019", "the ledger client has ended");
    if (reply.word === "failed") throw new UserError("HF7019", reply.message);
    return reply;
  };
  return {
    news,
    awaitNews: (condition, limitMs) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        const look = (): void => {
          const found = news.find(condition);
          if (found !== undefined) resolve(found);
          else if (ended) reject(new UserError("HF7019", "the ledger client has ended"));
          else return;
          done();
        };
        const timer = setTimeout(() => {
          done();
          reject(new UserError("HF7019", "the ledgers do not answer as expected in time"));
        }, limitMs);
        listeners.add(look);
        look();
      }),
    awaitRecord: async (guest, limitMs) => {
      const acknowledged = async (): Promise<number> => {
        const reply = await ask({ order: "count" });
        return reply.word === "count" ? (reply.guests[guest]?.acknowledged ?? 0) : 0;
      };
      const before = await acknowledged();
      const end = performance.now() + limitMs;
      while ((await acknowledged()) <= before) {
        if (performance.now() > end)
          throw new UserError("HF7019", `the ledger of ${guest} does not answer`);
        await sleep(askAgainMs);
      }
    },
    beginPhase: async (name) => {
      const reply = await ask({ order: "phase", name });
      return reply.word === "phase" ? reply.reports : {};
    },
    count: async () => {
      const reply = await ask({ order: "count" });
      return reply.word === "count" ? reply.guests : {};
    },
    finish: async (limitMs) => {
      const reply = await ask({ order: "finish", limitMs });
      return reply.word === "verdict" ? reply.guests : {};
    },
    abandon: () => {
      child.kill("SIGKILL");
    },
  };
}
