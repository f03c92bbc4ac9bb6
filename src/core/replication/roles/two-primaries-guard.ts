/**
 * When both nodes may be Primary at once: during a migration, and never otherwise. The configuration's
 * allow-two-primaries says that a migration may open the window; the window says that one is under way. A second
 * Primary is promised to nobody who merely set the option.
 */
export type TwoPrimariesGuard = {
  readonly allowed: boolean;
  /** The peer's configuration, as it told in P_PROTOCOL. */
  readonly peerAllows: boolean;
  readonly protocol: "A" | "B" | "C";
  readonly windowOpen: boolean;
};

export function mayBothBePrimary(guard: TwoPrimariesGuard): boolean {
  return guard.allowed && guard.peerAllows && guard.protocol === "C" && guard.windowOpen;
}
