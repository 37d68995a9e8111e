// @ts-check
// Whether a disk has room for what a scale run will write, asked before it begins.
import { statfsSync } from "node:fs";

const GIB = 2 ** 30;
/** A beneficiary with grants and audit trail, and the lines of the file that is loaded. */
const BENEFICIARY_BYTES = 5_000;
/** A sale with its entry, its links and all their indexes. */
const SALE_BYTES = 2_800;
/** Logs, and the sales that are measured. */
const REST_BYTES = 2 * GIB;

/**
 * @param {string} folder it exists
 * @param {{ beneficiaries: number, small: number, past: number }} options
 * @throws Error where it has not
 */
export function assertRoom(folder, { beneficiaries, small, past }) {
  const { bavail, bsize } = statfsSync(folder);
  const needed = (beneficiaries + small) * BENEFICIARY_BYTES + past * SALE_BYTES + REST_BYTES;
  if (bavail * bsize >= needed) return;
  const free = `${gib(bavail * bsize)} GiB are free in ${folder}`;
  throw new Error(
    `this run needs about ${gib(needed)} GiB of disk, and ${free}: name another disk with --folder, or fewer sales with --past`,
  );
}

/** @param {number} bytes */
const gib = (bytes) => Math.ceil(bytes / GIB);
