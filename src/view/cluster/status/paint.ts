/** Colours by meaning; which escape sequences they are is for the terminal to say. */

export type Tone = "good" | "warn" | "bad" | "dim" | "strong";

/** Gives the text its colour; without a terminal the text as it is. */
export type Paint = (text: string, tone: Tone) => string;

/** For files, pipes and tests. */
export const unpainted: Paint = (text) => text;
