// @ts-check
// What Linux tells of another process: its memory, and the processor time that it has used.
import { readFileSync } from "node:fs";

const KIB = 1_024;
/** USER_HZ: what /proc counts in, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;
/** Of /proc/PID/stat, after the name in brackets, which may hold anything. */
const UTIME_FIELD = 11;
const STIME_FIELD = 12;

/** @param {number} pid @returns {{ residentBytes: number, peakResidentBytes: number }} now, and the most ever */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  /** @param {string} name */
  const bytes = (name) => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    if (found === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
    return Number(found) * KIB;
  };
  return { residentBytes: bytes("VmRSS"), peakResidentBytes: bytes("VmHWM") };
}

/** @param {number} pid @returns {number} of all its threads, in user and in kernel, milliseconds */
export function cpuMsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[UTIME_FIELD]) + Number(fields[STIME_FIELD]);
  return (ticks * 1_000) / TICKS_PER_SECOND;
}
