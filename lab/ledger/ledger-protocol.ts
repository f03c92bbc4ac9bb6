/** What a guest's ledger says (lab/guest/root/usr/sbin/ledger), line by line. */
export type LedgerReply =
  | {
      readonly kind: "boot";
      /** The kernel's random id of this boot. */
      readonly id: string;
      readonly uptimeS: number;
      /** The last record's number; 0 when there is none. */
      readonly last: number;
    }
  | { readonly kind: "ok"; readonly number: number }
  | { readonly kind: "error"; readonly message: string };

export const ledgerPort = 7000;

/** @returns undefined for a line that no ledger says. */
export function parseLedgerReply(line: string): LedgerReply | undefined {
  const boot = /^boot ([0-9a-f-]{36}) (\d+(?:\.\d+)?) (\d+)$/.exec(line);
  if (boot !== null) {
    return { kind: "boot", id: boot[1] ?? "", uptimeS: Number(boot[2]), last: Number(boot[3]) };
  }
  const ok = /^ok (\d+)$/.exec(line);
  if (ok !== null) return { kind: "ok", number: Number(ok[1]) };
  return line.startsWith("error ") ? { kind: "error", message: line.slice(6) } : undefined;
}

/** A record as it stands in the file, for one run of the client: what was not sent like this was not sent by it. */
export function ledgerRecord(run: string, number: number): string {
  return `${number} ${run}-${number}`;
}
