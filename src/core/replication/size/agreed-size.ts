/** The size of a volume: what both disks can hold, what the user asked for, what was agreed before. */
export type SizeInput = {
  /** Sectors, 0 = none or unknown. */
  readonly mine: number;
  readonly peers: number;
  readonly lastAgreed: number;
  readonly user: number;
};

/** The size that follows, in sectors; undefined when the user asks for more than there is. */
export function agreedSectors(input: SizeInput): number | undefined {
  const { mine, peers, lastAgreed, user } = input;
  const both = mine > 0 && peers > 0 ? Math.min(mine, peers) : 0;
  const known = mine > 0 ? mine : peers;
  const size = both > 0 ? both : lastAgreed > 0 ? Math.min(lastAgreed, known || lastAgreed) : known;
  if (user === 0) return size;
  return user > size ? undefined : user;
}
