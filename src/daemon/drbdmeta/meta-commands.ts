/** drbdmeta's commands: names, what follows them, what they do. */
export type MetaCommand = {
  readonly name:
    | "create-md"
    | "wipe-md"
    | "get-gi"
    | "show-gi"
    | "set-gi"
    | "dstate"
    | "dump-md"
    | "restore-md"
    | "verify-dump"
    | "apply-al"
    | "check-resize"
    | "outdate"
    | "invalidate"
    | "read-dev-uuid"
    | "write-dev-uuid";
  /** It only looks. */
  readonly looks?: true;
  /** What the word after the command is. */
  readonly operand?: string;
  readonly help: string;
};

export const metaCommands: readonly MetaCommand[] = [
  {
    name: "create-md",
    help: "write new metadata; asks over data or older metadata, and refuses what would be cut short",
  },
  { name: "wipe-md", help: "remove the metadata (asks)" },
  { name: "get-gi", looks: true, help: "the generation identifiers in one line" },
  { name: "show-gi", looks: true, help: "the same with a legend" },
  {
    name: "set-gi",
    operand: "GI",
    help: "write others, in get-gi's form or the first of it (asks)",
  },
  { name: "dstate", looks: true, help: "the state of this disk" },
  {
    name: "dump-md",
    looks: true,
    help: "the metadata as text (--force: also those that a crash has left)",
  },
  { name: "restore-md", operand: "FILE", help: "write the metadata that a dump tells (asks)" },
  { name: "verify-dump", looks: true, operand: "FILE", help: "see whether a dump can be read" },
  {
    name: "apply-al",
    help: "what the activity log says may differ goes into the bitmap (the disk server does so itself)",
  },
  {
    name: "check-resize",
    help: "the device has grown while it was not in use: move the internal metadata to its end",
  },
  { name: "outdate", help: "this node's data are not the newest any more" },
  { name: "invalidate", help: "this node's data are no good: all is taken from the peer" },
  { name: "read-dev-uuid", looks: true, help: "the number by which tools know the metadata again" },
  { name: "write-dev-uuid", operand: "UUID", help: "give them another, of 16 hexadecimal digits" },
];

const synopses = metaCommands.map(({ name, operand = "", help }) => ({
  words: `${name} ${operand}`.trim(),
  help,
}));
const width = Math.max(...synopses.map(({ words }) => words.length));

export const metaUsage: string = `Usage: drbdmeta [OPTIONS] MINOR v08 DEVICE internal|flex-external|INDEX COMMAND

Works on the metadata of a DRBD volume whose resource is down. \`drbdadm COMMAND RESOURCE\` finds the words
in drbd.conf.

${synopses.map(({ words, help }) => `  ${words.padEnd(width)}  ${help}\n`).join("")}
  -f, --force                don't ask
  --ignore-sanity-checks     create-md also where a file system would be cut short
  -s, --al-stripes N, -z, --al-stripe-size-kB N
                             the activity log of create-md and restore-md: N stripes of N KiB (1 of 32)
  -p, --peer-max-bio-size N  the largest request that the peer takes, for the time before it is seen
`;
