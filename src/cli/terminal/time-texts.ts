/** Times in words, in the time zone of whoever reads them. */
import type { TimeTexts } from "../../view/cluster/time-texts.ts";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = [
  ...["Jan", "Feb", "Mar", "Apr", "May", "Jun"],
  ...["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];

export function localTimes(nowMs: number): TimeTexts {
  const today = dayOf(new Date(nowMs));
  return {
    full: (ms) => {
      const at = new Date(ms);
      return `${days[at.getDay()]} ${dayOf(at)} ${clock(at)} ${at.getFullYear()}`;
    },
    short: (ms) => {
      const at = new Date(ms);
      return dayOf(at) === today ? clock(at) : `${dayOf(at)} ${clock(at)}`;
    },
  };
}

/** As ctime(3) writes it: "Apr  8". */
function dayOf(at: Date): string {
  return `${months[at.getMonth()]} ${String(at.getDate()).padStart(2)}`;
}

function clock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
