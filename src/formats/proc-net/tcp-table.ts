/**
 * Linux' table of TCP connections (proc(5), /proc/pid/net/tcp and tcp6): one line each, with addresses as the machine
 * keeps them, in words of 32 bits whose bytes are reversed (little-endian machines, as all are that QEMU's guests run on
 * here), and the bytes of the two queues in hex.
 */

/** Of the connections' columns: sl, local_address, rem_address, st, tx_queue:rx_queue. */
const line =
  /^\s*\d+: [0-9A-F]+:[0-9A-F]{4} (?<remote>[0-9A-F]+:[0-9A-F]{4}) [0-9A-F]{2} (?<sent>[0-9A-F]{8}):/gm;

/**
 * How many bytes were written to connections with that end and not acknowledged by it, in the sum; 0 when there is no
 * such connection.
 * @param address an IPv4 or IPv6 address.
 */
export function unacknowledgedBytes(
  table: string,
  remote: { readonly address: string; readonly port: number },
): number {
  const port = remote.port.toString(16).toUpperCase().padStart(4, "0");
  const wanted = `${kernelAddress(remote.address)}:${port}`;
  return [...table.matchAll(line)]
    .filter(({ groups }) => groups?.["remote"] === wanted)
    .reduce((sum, { groups }) => sum + Number.parseInt(groups?.["sent"] ?? "0", 16), 0);
}

function kernelAddress(address: string): string {
  const bytes = address.includes(":") ? ipv6Bytes(address) : address.split(".").map(Number);
  const words = Array.from({ length: bytes.length / 4 }, (_, word) =>
    bytes.slice(word * 4, word * 4 + 4).reverse(),
  );
  return words
    .flat()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}

function ipv6Bytes(address: string): readonly number[] {
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const groups = (text: string): readonly number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const behind = groups(tail ?? "");
  const gap = tail === undefined ? 0 : 8 - before.length - behind.length;
  return [...before, ...new Array<number>(gap).fill(0), ...behind].flatMap((group) => [
    group >> 8,
    group & 255,
  ]);
}
