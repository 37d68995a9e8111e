// @ts-check
// What the figures were measured on.
import { statfsSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";

const GIB = 2 ** 30;
/** Magic numbers of `statfs(2)`, for the file systems that a database is likely to be on. */
const FILE_SYSTEMS = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x01021994, "tmpfs, which no power cut survives"],
  [0x794c7630, "overlayfs"],
]);

/** @param {string} folder where the database was */
export function describeMachine(folder) {
  const [first] = cpus();
  const magic = statfsSync(folder).type;
  return {
    cpu: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / GIB),
    system: `${type()} ${release()} ${arch()}`,
    fileSystem: FILE_SYSTEMS.get(magic) ?? `0x${magic.toString(16)}`,
    node: process.version,
    note: "load generator and server share these cores",
  };
}
