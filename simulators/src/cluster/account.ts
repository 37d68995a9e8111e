// Who runs PostgreSQL where we are root, whom it refuses; and what a cluster needs of this machine.

import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { UsageError } from "../chaos/options.js";

const ACCOUNT = "postgres";
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Debian's packages, each by what it brings. */
const NEEDED = [
  { file: "/usr/lib/postgresql/15/bin/postgres", name: "postgresql-15" },
  { file: "/usr/bin/patroni", name: "patroni" },
  // Patroni's way to etcd, which it only suggests.
  { file: "/usr/lib/python3/dist-packages/etcd/__init__.py", name: "python3-etcd" },
  { file: "/usr/bin/etcd", name: "etcd-server" },
  { file: "/usr/sbin/haproxy", name: "haproxy" },
] as const;

/** For `spawn`; nothing in it where that is whoever we are. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** Who runs the databases here. @throws UsageError that says what is to be installed. */
export function findAccount(): RunAs {
  const missing = NEEDED.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new UsageError(
      `the cluster needs Debian's packages. Operator: apt-get install -y --no-install-recommends ${missing.join(" ")}`,
    );
  }
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  const found = accounts.find((line) => line.startsWith(`${ACCOUNT}:`))?.split(":");
  if (found === undefined) {
    throw new UsageError(`root runs no PostgreSQL. Operator: make the account ${ACCOUNT}`);
  }
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** Makes a folder that is that account's alone. */
export function makeFolder(folder: string, runAs: RunAs): void {
  mkdirSync(folder, { mode: OWNER_ONLY_FOLDER });
  giveTo(folder, runAs);
}

/** Writes a file that is that account's alone. */
export function writeOwnFile(path: string, text: string, runAs: RunAs): void {
  writeFileSync(path, text, { mode: OWNER_ONLY_FILE });
  giveTo(path, runAs);
}

function giveTo(path: string, { uid, gid }: RunAs): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
