// @ts-check
// The Debian packages that some suites need: installs them as root, otherwise says what is missing.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, say, seconds, tail } from "./command.mjs";

/** @typedef {"pcsc" | "serial" | "strace" | "postgres" | "cluster" | "schema"} Suite a group of tests that needs parts of the system */
/** @typedef {{ name: string, suite: Suite, commands?: readonly string[], file?: string, variable?: string }} SystemPackage */

/** One line for each: the package, which tests need it, how to see that it is there, what asks for it. @type {readonly SystemPackage[]} */
export const SYSTEM_PACKAGES = [
  { name: "pcscd", suite: "pcsc", commands: ["pcscd"] },
  { name: "vsmartcard-vpcd", suite: "pcsc", file: "/usr/lib/pcsc/drivers/serial/libifdvpcd.so" },
  { name: "libpcsclite-dev", suite: "pcsc", file: "/usr/include/PCSC/winscard.h" },
  // nfc-pcsc ships no binary: it is compiled on every machine.
  { name: "build-essential", suite: "pcsc", commands: ["make", "g++"] },
  { name: "python3", suite: "pcsc", commands: ["python3"] },
  { name: "socat", suite: "serial", commands: ["socat"] },
  { name: "strace", suite: "strace", commands: ["strace"] },
  // The tests start servers of their own; the one that the package starts is nothing to them.
  { name: "postgresql-15", suite: "postgres", file: "/usr/lib/postgresql/15/bin/postgres" },
  { name: "postgresql-15", suite: "cluster", file: "/usr/lib/postgresql/15/bin/postgres" },
  { name: "patroni", suite: "cluster", commands: ["patroni"] },
  // Patroni's way to etcd, which it only suggests.
  { name: "python3-etcd", suite: "cluster", file: "/usr/lib/python3/dist-packages/etcd" },
  { name: "etcd-server", suite: "cluster", commands: ["etcd"] },
  { name: "haproxy", suite: "cluster", commands: ["haproxy"] },
  // Without a schema there is nothing to validate against.
  { name: "libxml2-utils", suite: "schema", commands: ["xmllint"], variable: "PAIN001_XSD" },
];

const INSTALL_ATTEMPTS = 2;
/** A user's PATH leaves out the folders of daemons. */
const COMMAND_FOLDERS = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/** @param {string} name */
const isCommand = (name) => COMMAND_FOLDERS.some((folder) => existsSync(join(folder, name)));

/** @returns {SystemPackage[]} */
function missingPackages() {
  return SYSTEM_PACKAGES.filter(
    ({ commands = [], file, variable }) =>
      (variable === undefined || process.env[variable]) &&
      (!commands.every(isCommand) || (file !== undefined && !existsSync(file))),
  );
}

/**
 * Installs what is missing where it may (root, apt-get); otherwise tells it in one line.
 * @returns {Promise<Set<Suite>>} the suites that cannot run here
 */
export async function ensureSystemPackages() {
  if (missingPackages().length > 0 && process.getuid?.() === 0 && isCommand("apt-get")) {
    await aptInstall([...new Set(missingPackages().map(({ name }) => name))]);
  }
  const missing = missingPackages();
  const suites = new Set(missing.map(({ suite }) => suite));
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ name }) => name))].join(" ");
    say(
      `system packages: missing; install them as root: apt-get install -y ${names} (without them, these suites are skipped: ${[...suites].join(", ")})`,
    );
  }
  return suites;
}

/** @param {readonly string[]} names */
async function aptInstall(names) {
  const title = `system packages: ${names.join(" ")}`;
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  const install = ["install", "-y", "--no-install-recommends", ...wait, ...names];
  for (let attempt = 1; attempt <= INSTALL_ATTEMPTS; attempt += 1) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const updated = await run({
      title: `${title} (apt-get update)`,
      command: "apt-get",
      args: ["update"],
      env,
    });
    const installed = await run({ title, command: "apt-get", args: install, env });
    if (installed.ok)
      return say(`${title}: installed in ${seconds(updated.elapsedMs + installed.elapsedMs)}`);
    say(
      `${title}: apt-get failed, attempt ${attempt} of ${INSTALL_ATTEMPTS}\n${tail(updated.output + installed.output)}`,
    );
  }
}
