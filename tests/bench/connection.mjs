// @ts-check
// One kept HTTP/1.1 connection with one request at a time: little work for the generator, so that the server is measured.
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** @typedef {{ ca: string, certificate: string, privateKey: string }} Credentials */
/** @typedef {{ url: string, connections: number, terminals?: readonly Credentials[] }} Destination terminals: over TLS, in turns */
/** @typedef {{ status: number, head: string, body: string, bytes: number }} Answer */

export class Connection {
  #socket;
  /** @type {Buffer} */
  #received = Buffer.alloc(0);
  /** @type {((answer: Answer) => void) | null} */
  #resolve = null;
  /** @type {((error: Error) => void) | null} */
  #reject = null;

  /** @param {import("node:net").Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("close", () => this.#reject?.(new Error("the server closed the connection")));
    socket.on("error", (error) => this.#reject?.(error));
  }

  /**
   * @param {string} url http, or https with credentials
   * @param {Credentials} [credentials]
   */
  static async open(url, credentials) {
    const { hostname: host, port: text } = new URL(url);
    const port = Number(text);
    if (credentials === undefined) {
      const socket = connect({ host, port });
      await once(socket, "connect");
      return new Connection(socket);
    }
    const { ca, certificate: cert, privateKey: key } = credentials;
    const socket = connectTls({ host, port, ca, cert, key });
    await once(socket, "secureConnect");
    return new Connection(socket);
  }

  /** @param {string} request head and body @returns {Promise<Answer>} */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  close() {
    this.#reject = null;
    this.#socket.destroy();
  }

  /** @param {Buffer} chunk */
  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headBytes = this.#received.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
    if (headBytes < END_OF_HEAD.length) return;
    const head = this.#received.toString("latin1", 0, headBytes);
    const bytes = headBytes + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (!(this.#received.length >= bytes)) return;
    const body = this.#received.toString("utf8", headBytes, bytes);
    this.#received = this.#received.subarray(bytes);
    this.#resolve?.({ status: Number(head.slice(9, 12)), head, body, bytes });
  }
}

/** @param {Destination} to @returns {Promise<Connection[]>} */
export function openConnections({ url, connections, terminals = [] }) {
  return Promise.all(
    Array.from({ length: connections }, (_, index) =>
      Connection.open(url, terminals[index % terminals.length]),
    ),
  );
}
