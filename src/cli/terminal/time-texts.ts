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
    iso: (ms) => isoText(new Date(ms)),
  };
}

function isoText(at: Date): string {
  const month = twoDigits(at.getMonth() + 1);
  const day = `${at.getFullYear()}-${month}-${twoDigits(at.getDate())}`;
  return `${day} ${clock(at)}${offset(-at.getTimezoneOffset())}`;
}

function offset(minutes: number): string {
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  const sign = minutes < 0 ? "-" : "+";
  return ` ${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** As ctime(3) writes it: "Apr  8". */
function dayOf(at: Date): string {
  return `${months[at.getMonth()]} ${String(at.getDate()).padStart(2)}`;
}

function clock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(":");
}
