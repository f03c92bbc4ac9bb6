/** Times of the daemon that no file sets, in ms. */

/** A peer that says that its daemon restarts is waited for at most so long. */
export const restartHoldMsMax = 30_000;

/** What this daemon asks for when it is told to end: a restart takes a second or two. */
export const restartHoldMs = 20_000;

/** How long the others are given to take note of a leave or restart, once it was asked for. */
export const farewellMsMax = 3_000;
