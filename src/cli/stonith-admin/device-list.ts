/** Fence devices, one a line, and how many: as Pacemaker's tool lists them. */
export function devicesText(names: readonly string[], isQuiet: boolean): string {
  const lines = names.map((each) => `${each}\n`).join("");
  if (isQuiet) return lines;
  if (names.length === 0) return "No fence devices found\n";
  return `${lines}${names.length} fence ${names.length === 1 ? "device" : "devices"} found\n`;
}
