/** The byte streams of the TCP connections in a capture file (pcap, Ethernet, IPv4): each direction of each, in order. */
import { readFileSync } from "node:fs";

export type CapturedStream = {
  /** `10.9.0.1:7790 > 10.9.0.2:38123`. */
  readonly name: string;
  /** Up to the first byte that the capture does not have. */
  readonly bytes: Buffer;
};

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const ethernetHeaderBytes = 14;
const etherTypeIpv4 = 0x0800;
const protocolTcp = 6;

type Segment = { readonly sequence: number; readonly bytes: Buffer };

export function capturedStreams(file: string): readonly CapturedStream[] {
  const segments = new Map<string, Segment[]>();
  for (const frame of framesOf(readFileSync(file))) {
    const found = segmentOf(frame);
    if (found === undefined) continue;
    const [name, segment] = found;
    segments.set(name, [...(segments.get(name) ?? []), segment]);
  }
  return [...segments].map(([name, of]) => ({ name, bytes: joined(of) }));
}

function* framesOf(pcap: Buffer): Generator<Buffer> {
  for (let at = fileHeaderBytes; at + recordHeaderBytes <= pcap.length; ) {
    const captured = pcap.readUInt32LE(at + 8);
    const frame = pcap.subarray(at + recordHeaderBytes, at + recordHeaderBytes + captured);
    at += recordHeaderBytes + captured;
    yield frame;
  }
}

/** Undefined for what carries nothing over TCP. */
function segmentOf(frame: Buffer): readonly [string, Segment] | undefined {
  if (frame.length < 54 || frame.readUInt16BE(12) !== etherTypeIpv4) return undefined;
  const ip = frame.subarray(ethernetHeaderBytes);
  if (ip[9] !== protocolTcp) return undefined;
  const tcp = ip.subarray(((ip[0] ?? 0) & 15) * 4, ip.readUInt16BE(2));
  const bytes = tcp.subarray(((tcp[12] ?? 0) >> 4) * 4);
  if (bytes.length === 0) return undefined;
  const address = (at: number): string => ip.subarray(at, at + 4).join(".");
  const name = `${address(12)}:${tcp.readUInt16BE(0)} > ${address(16)}:${tcp.readUInt16BE(2)}`;
  return [name, { sequence: tcp.readUInt32BE(4), bytes }];
}

/** In the order of their numbers, what came twice once. */
function joined(segments: readonly Segment[]): Buffer {
  const first = segments[0]?.sequence ?? 0;
  const placed = segments
    .map(({ sequence, bytes }) => ({ at: (sequence - first) | 0, bytes }))
    .sort((a, b) => a.at - b.at);
  const parts: Buffer[] = [];
  let end = placed[0]?.at ?? 0;
  for (const { at, bytes } of placed) {
    if (at > end) break;
    const fresh = bytes.subarray(end - at);
    parts.push(fresh);
    end += fresh.length;
  }
  return Buffer.concat(parts);
}
