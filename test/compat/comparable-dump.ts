/** What two programs' dump-md say of metadata, without what names the program and the time. */
export function comparableDump(dump: string): string {
  return (
    dump
      .split("\n")
      .filter((line) => !/^# (\d{4}-|\S+> )|^#$|^# You should/.test(line))
      .join("\n")
      // drbdmeta 9.22 prints the flags as 0; get-gi has them.
      .replace(/flags 0x[0-9A-F]+;/, "flags;")
      .replace(/\n+/g, "\n")
  );
}
