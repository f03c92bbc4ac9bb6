import net from "node:net";
import { UserError } from "../../api/user-error.ts";
import type { DrbdAddress } from "../../formats/drbd-conf/drbd-conf.ts";

/** @throws UserError HF2145 when nobody could listen on this address now. */
export async function probeListen({ host, port }: DrbdAddress): Promise<void> {
  const probe = net.createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "EADDRINUSE"
        ? "another process listens there"
        : code === "EADDRNOTAVAIL"
          ? "no interface of this host has this address"
          : (code ?? (cause as Error).message);
    throw new UserError("HF2145", `cannot listen on ${host}:${port}: ${why}`, {
      exit: 10,
      remedy:
        code === "EADDRINUSE"
          ? `See which: ss -ltnp sport = :${port}. Each resource needs a port of its own.`
          : "Compare `address` in drbd.conf with: ip addr.",
      cause,
    });
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
