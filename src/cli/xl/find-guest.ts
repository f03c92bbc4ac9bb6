/** A guest by its name or number on this node. */
import type { GuestRow } from "../../api/cluster-guest.ts";
import { UserError } from "../../api/user-error.ts";
import type { CommandShell } from "../cluster/command-shell.ts";

/** @throws UserError HF4631 where there is none here; it says where it is, if it is on another node. */
export async function findGuest(operand: string, shell: CommandShell): Promise<GuestRow> {
  const { guests } = await shell.cluster.ask("guest-list");
  const found = guests.find((guest) => guest.name === operand || String(guest.id) === operand);
  if (found !== undefined) return found;
  const { status } = await shell.cluster.ask("status");
  const elsewhere = status.resources.find(
    (resource) => resource.kind === "primitive" && resource.id === operand,
  );
  const nodes = elsewhere?.kind === "primitive" ? elsewhere.nodes : [];
  const names = guests.map(({ name }) => name).join(", ");
  throw new UserError("HF4631", `${operand} is an invalid domain identifier (rc=-6)`, {
    remedy:
      nodes.length > 0
        ? `It runs on ${nodes.join(", ")}: ask there.`
        : names === ""
          ? "No guest is on this node."
          : `The guests on this node: ${names}.`,
  });
}
