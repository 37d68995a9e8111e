// Whether a request that failed can have reached the gateway: the difference between "declined" and "unknown".

import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/**
 * Watches one request. Node writes nothing of it before the connection stands: over TLS not before the gateway's
 * certificate has been checked.
 *
 * @returns a function that says whether the request certainly has not left. `byDeadline` tells that the caller ended
 * it, so that the connection itself has not failed: then only a real TLS handshake in progress is proof.
 */
export function watchDeparture(request: ClientRequest): {
  certainlyNotSent(options: { byDeadline: boolean }): boolean;
} {
  let stage: "noSocket" | "connecting" | "connected" = "noSocket";
  let realTls = false;
  request.once("socket", (socket: Socket) => {
    realTls = socket instanceof TLSSocket;
    const secure = realTls || "encrypted" in socket;
    const pending = socket.connecting || (socket instanceof TLSSocket && isHandshaking(socket));
    stage = pending && !request.reusedSocket ? "connecting" : "connected";
    // A kept connection stands already; a listener for each of its requests would only pile up.
    if (stage === "connected") return;
    socket.once(secure ? "secureConnect" : "connect", () => {
      stage = "connected";
    });
  });
  return {
    certainlyNotSent: ({ byDeadline }) =>
      stage === "noSocket" || (stage === "connecting" && (realTls || !byDeadline)),
  };
}

/** `secureConnecting` is documented for TLS sockets but missing from their types. */
function isHandshaking(socket: TLSSocket): boolean {
  return "secureConnecting" in socket && socket.secureConnecting === true;
}
