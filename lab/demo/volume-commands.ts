/**
 * The volumes of the how-to's `lvcreate -L10G -n host1-root xenhostfs` and so on. A lab without device mapper has
 * sparse files of the same names and sizes: what one types is another command, and it is shown as it is.
 */
export const volumeCommands: readonly string[] = [
  "truncate -s 10G /dev/xenhostfs/host1-root /dev/xenhostfs/host2-root",
  "truncate -s 1G /dev/xenhostfs/host1-swap /dev/xenhostfs/host2-swap",
];
