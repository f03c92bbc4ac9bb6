/**
 * The LAN's client as a program of its own: appends to several guests' ledgers until told to stop. Runs in the lab's
 * LAN namespace; one JSON object a line in both directions (ledger-orders.ts).
 *
 *     main.ts RUN NAME=ADDRESS[:PORT] …
 */
import readline from "node:readline";
import { UserError } from "../../src/api/user-error.ts";
import { LedgerClient, nowMs } from "./ledger-client.ts";
import type { LedgerOrder, LedgerWord } from "./ledger-orders.ts";

const [run = "", ...places] = process.argv.slice(2);

const clients = places.map((place) => {
  const [name = "", where = ""] = place.split("=");
  const [address = "", port] = where.split(":");
  const guest = { name, address, ...(port === undefined ? {} : { port: Number(port) }) };
  return new LedgerClient(guest, run, (news) => say({ word: "news", guest: name, news }));
});
for (const client of clients) client.start();

const orders = readline.createInterface({ input: process.stdin });
for await (const line of orders) {
  const order = JSON.parse(line) as LedgerOrder;
  try {
    if (await obey(order)) break;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say({ word: "failed", code: error.code, message: error.message });
  }
}
// Who started us has gone, or has all it wanted.
process.exit(0);

/** @returns whether it was the last order. */
async function obey(order: LedgerOrder): Promise<boolean> {
  switch (order.order) {
    case "phase": {
      const atMs = nowMs();
      const reports = Object.fromEntries(
        clients.map((client) => [client.guest.name, client.account?.beginPhase(order.name, atMs)]),
      );
      say({ word: "phase", atMs, reports });
      return false;
    }
    case "count":
      say({
        word: "count",
        guests: Object.fromEntries(
          clients.map(({ guest, account }) => [
            guest.name,
            { acknowledged: account?.acknowledged ?? 0, bootIds: account?.bootIds ?? [] },
          ]),
        ),
      });
      return false;
    case "finish": {
      await Promise.all(clients.map((client) => client.stop()));
      const verdicts = await Promise.all(
        clients.map(async (client) => {
          const lines = await client.readBack(order.limitMs);
          return [client.guest.name, client.account?.verdict(lines)] as const;
        }),
      );
      say({ word: "verdict", guests: Object.fromEntries(verdicts) });
      return true;
    }
  }
}

function say(word: LedgerWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
