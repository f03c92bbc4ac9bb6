/** Which of two ordered actions an update changed. */
export const changedNothing = 0;
export const changedFirst = 1;
export const changedNext = 2;
