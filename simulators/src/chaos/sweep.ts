// Takes away what a run has made on this machine: its processes, its networks, its small disk, its folders.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { removeNamespace } from "../cluster/network-namespaces.js";
import { killAt } from "../cluster/processes.js";

/** One thing that a run must not leave behind. */
export type Remnant =
  | { readonly kind: "process"; readonly pid: number }
  /** Whoever is at home in that folder. */
  | { readonly kind: "processesAt"; readonly folder: string }
  /** A network of its own. */
  | { readonly kind: "namespace"; readonly name: string }
  /** A disk that is mounted there. */
  | { readonly kind: "disk"; readonly folder: string }
  | { readonly kind: "folder"; readonly folder: string };

/** Processes first, which would hold disks and write into folders. */
const ORDER = ["process", "processesAt", "namespace", "disk", "folder"] as const;
/** A killed process may write a last file while its folder is being removed. */
const REMOVAL_TRIES = 10;
const REMOVAL_PAUSE_MS = 50;

/** At once and in this call, as what comes after it may be the end of this process. What is gone already is no error. */
export function sweep(remnants: Iterable<Remnant>): void {
  const all = [...remnants];
  for (const kind of ORDER) {
    for (const remnant of all.filter((one) => one.kind === kind)) {
      try {
        takeAway(remnant);
      } catch {
        // It is gone, or cannot be taken away; the others still can.
      }
    }
  }
}

function takeAway(remnant: Remnant): void {
  switch (remnant.kind) {
    case "process":
      process.kill(remnant.pid, "SIGKILL");
      return;
    case "processesAt":
      killAt(remnant.folder);
      return;
    case "namespace":
      removeNamespace(remnant.name);
      return;
    case "disk":
      unmount(remnant.folder);
      return;
    case "folder":
      removeFolder(remnant.folder);
      return;
  }
}

/** Lazily: what a process that is just ending has open there keeps nobody waiting. @throws with what `umount` said. */
export function unmount(folder: string): void {
  execFileSync("umount", ["--lazy", folder], { stdio: ["ignore", "ignore", "pipe"] });
}

/** With everything in it; one that is not there is no error. */
export function removeFolder(folder: string): void {
  const tries = { maxRetries: REMOVAL_TRIES, retryDelay: REMOVAL_PAUSE_MS };
  rmSync(folder, { recursive: true, force: true, ...tries });
}
