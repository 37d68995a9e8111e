// Asks whether the PC/SC service takes clients, before anything that would hang without it is started.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { basename } from "node:path";
import { textOf } from "../errors.js";

/** Where pcscd listens; its own library reads the same variable (pcsc-lite 1.9, `PCSCLITE_CSOCK_NAME`). */
const PCSCD_SOCKET = process.env["PCSCLITE_CSOCK_NAME"] ?? "/run/pcscd/pcscd.comm";

/** How long a process beside this one may take to become a client of the service. */
const CLIENT_MS = 5_000;

/** What systems call the program that Node itself is. */
const NODE = /^node(js)?[-.0-9]*$/;

/** Becomes a client as the reader does, and ends. */
const CLIENT = "const { NFC } = require(process.argv[1]); new NFC(); process.exit(0);";

/**
 * Why the PC/SC service cannot be used now, or null when it takes clients.
 *
 * nfc-pcsc's native constructor repeats without a pause, on the main thread, for as long as the service's library says
 * that there is none (pcsclite.cpp, `PCSCLite::PCSCLite`; github.com/pokusew/node-pcsclite, pull request 55): the whole
 * till would stand still. The library says so without a socket, but also where something listens that takes no client:
 * a service that starts again and again, or one of another version. So a process beside this one tries it first, and is
 * ended when it hangs. A service that dies in the moment after that still holds the till up until it is back.
 *
 * Such a process can be started where this one runs in Node itself. In a till that is a program of its own (Electron, a
 * single executable) it would be the till once more: there only the socket is asked.
 *
 * On Windows and macOS the system starts its service by itself, and there is no socket to ask.
 *
 * @param signal ends whatever was begun for this.
 */
export async function pcscServiceProblem(signal: AbortSignal): Promise<string | null> {
  if (process.platform !== "linux") return null;
  const problem = await socketProblem(signal);
  if (problem !== null || !NODE.test(basename(process.execPath))) return problem;
  return clientProblem(signal);
}

function socketProblem(signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ path: PCSCD_SOCKET, signal });
    socket.once("connect", () => {
      socket.destroy();
      resolve(null);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      resolve(`no PC/SC service at ${PCSCD_SOCKET} (${why}): install pcscd and start it`);
    });
  });
}

function clientProblem(signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const nfc = createRequire(import.meta.url).resolve("nfc-pcsc");
    const child = spawn(process.execPath, ["-e", CLIENT, nfc], {
      stdio: "ignore",
      signal,
      killSignal: "SIGKILL",
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), CLIENT_MS);
    const end = (problem: string | null) => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once("error", (error) => end(`the PC/SC service cannot be tried: ${textOf(error)}`));
    child.once("exit", (code, by) => {
      if (code === 0) end(null);
      else if (by === "SIGKILL") end(noClients(`it is silent for ${CLIENT_MS} ms`));
      else end(noClients(`its client ended with ${code ?? by}`));
    });
  });
}

function noClients(why: string): string {
  return `the PC/SC service at ${PCSCD_SOCKET} takes no clients (${why}): restart pcscd; in a container, use the library of its version`;
}
