/** The client that appends to the guests' ledgers, and where a guest runs as the cluster says. */
import { UserError } from "../../src/api/user-error.ts";
import { commandOnClient, runOnHost } from "../lab.ts";
import { type LedgerSession, startLedgerSession } from "../ledger/ledger-session.ts";
import type { DemoWorld } from "./demo-world.ts";
import { howtoGuests, howtoHosts, locate, placeIn } from "./howto-steps.ts";

export const answerLimitMs = 180_000;

/** Done when both guests answer. */
export async function startLedger({
  lab,
  screen,
  onEnd,
}: Pick<DemoWorld, "lab" | "screen" | "onEnd">): Promise<LedgerSession> {
  const guests = howtoGuests.map(({ name, address }) => ({ name, address }));
  const ledger = startLedgerSession(guests, `demo-${Date.now()}`, (argv) =>
    commandOnClient(lab, argv),
  );
  onEnd(() => ledger.abandon());
  screen.output("A client on the LAN appends to both guests' ledgers from here on, without pause.");
  for (const { name } of howtoGuests) {
    await ledger.awaitNews(
      ({ guest, news }) => guest === name && news.kind === "answers",
      answerLimitMs,
    );
  }
  screen.good("Both guests answer.");
  return ledger;
}

/** @param asked the host whose daemon is asked. @throws UserError HF7018 when it runs nowhere. */
export async function placeOf(
  lab: string,
  guest: string,
  asked: string = howtoHosts[0],
): Promise<string> {
  const { stdout } = await runOnHost(lab, asked, ["sh", "-c", locate(guest)]);
  const place = placeIn(stdout);
  if (place !== undefined) return place;
  throw new UserError("HF7018", `${guest} runs nowhere: ${stdout.trim()}`);
}
