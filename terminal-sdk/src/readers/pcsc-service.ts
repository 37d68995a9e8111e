// Asks whether the PC/SC service runs, before anything that would hang without it is started.

import { connect } from "node:net";

/** Where pcscd listens; its own library reads the same variable (pcsc-lite 1.9, `PCSCLITE_CSOCK_NAME`). */
const PCSCD_SOCKET = process.env["PCSCLITE_CSOCK_NAME"] ?? "/run/pcscd/pcscd.comm";

/**
 * Why the PC/SC service cannot be used now, or null when it answers.
 *
 * nfc-pcsc's native constructor repeats without a pause, on the main thread, while the service is not there
 * (github.com/pokusew/node-pcsclite, pull request 55): the whole till would stand still. On Windows and macOS
 * the system starts its service by itself, and there is no socket to ask.
 */
export async function pcscServiceProblem(): Promise<string | null> {
  if (process.platform !== "linux") return null;
  return new Promise((resolve) => {
    const socket = connect(PCSCD_SOCKET);
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
