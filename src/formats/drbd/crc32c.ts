/**
 * CRC-32C (reflected polynomial 0x82F63B78), in the two ways in which DRBD has it: its activity log begins with 0 and
 * does not invert the end; as a digest on the wire it is the usual one of the catalogues.
 */
const first: Uint32Array = makeTable();
const second: Uint32Array = nextTable(first);
const third: Uint32Array = nextTable(second);
const fourth: Uint32Array = nextTable(third);

/** Of the activity log: initial value 0 and no final inversion. */
export function rawCrc32c(bytes: Uint8Array): number {
  return update(0, bytes);
}

/** The usual CRC-32C. */
export function crc32c(bytes: Uint8Array): number {
  return ~update(0xffffffff, bytes) >>> 0;
}

/** Four bytes at a time, each through the table of its distance from the end (slicing). */
function update(start: number, bytes: Uint8Array): number {
  let crc = start;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    crc ^=
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    crc =
      (fourth[crc & 0xff] as number) ^
      (third[(crc >>> 8) & 0xff] as number) ^
      (second[(crc >>> 16) & 0xff] as number) ^
      (first[crc >>> 24] as number);
  }
  for (let i = whole; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (first[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return crc >>> 0;
}

/** What one more byte of zeros makes of each entry. */
function nextTable(table: Uint32Array): Uint32Array {
  return table.map((entry) => (entry >>> 8) ^ (first[entry & 0xff] as number));
}

function makeTable(): Uint32Array {
  const out = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    out[i] = c;
  }
  return out;
}
