// A TCP proxy before a PostgreSQL server that cuts or holds a connection at a statement that the test names.

import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { asksForEncryption, type Message, messageCutter, statementReader } from "./messages.js";
import type { TestDatabase } from "./test-postgres.js";

/**
 * What becomes of a connection at a statement:
 * - `cutBefore`: it is cut, and the server never sees the statement;
 * - `cutAfter`: it is cut once the server has answered, and the client never hears the answer;
 * - `holdBefore`: nothing passes any more, either way, nor that one end has left; the server does not see the statement;
 * - `holdAfter`: the server has answered, and the client hears nothing.
 */
export type StatementFault = "cutBefore" | "cutAfter" | "holdBefore" | "holdAfter";

/** A connection that has met its fault. */
export interface Met {
  /** What was held passes, in its order. Does nothing to a connection that was cut. */
  release(): void;
}

export interface StatementProxy {
  /** The database through the proxy. */
  readonly url: string;
  /** The next statement that fits, on whichever connection, meets a fault, once. Resolves when it has. */
  meet(fault: StatementFault, statement: RegExp): Promise<Met>;
  /** Cuts every connection that stands. New ones pass. */
  cut(): void;
  /** Cuts every connection, and takes no new one: nobody listens there. */
  close(): Promise<void>;
  /** Listens again, where it did before it was closed. */
  reopen(): Promise<void>;
}

interface Trap {
  readonly fault: StatementFault;
  readonly statement: RegExp;
  readonly spring: (met: Met) => void;
}

/** Starts one on a free port of this machine. */
export async function startStatementProxy(
  database: Pick<TestDatabase, "url" | "socketPath">,
): Promise<StatementProxy> {
  const traps: Trap[] = [];
  const lines = new Set<Line>();
  const trapFor = (text: string) => {
    const found = traps.findIndex(({ statement }) => statement.test(text));
    return found === -1 ? null : (traps.splice(found, 1)[0] ?? null);
  };
  // What passes is not held back to be sent with more.
  const listener = createServer({ noDelay: true }, (client) => {
    const line = openLine({ client, server: connect(database.socketPath), trapFor });
    lines.add(line);
    client.on("close", () => lines.delete(line));
  });
  const listenOn = (port: number) =>
    new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
  await listenOn(0);
  const { port } = listener.address() as AddressInfo;
  const { username, pathname } = new URL(database.url);
  const cut = () => {
    for (const line of lines) line.cut();
  };
  return {
    url: `postgresql://${username}@127.0.0.1:${port}${pathname}`,
    meet: (fault, statement) =>
      new Promise((spring) => void traps.push({ fault, statement, spring })),
    cut,
    reopen: () => listenOn(port),
    close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      cut();
      return closed;
    },
  };
}

interface Line {
  cut(): void;
}

interface Ends {
  readonly client: Socket;
  readonly server: Socket;
  readonly trapFor: (text: string) => Trap | null;
}

/** Carries one connection, whole message by whole message. */
function openLine({ client, server, trapFor }: Ends): Line {
  const [toServer, toClient] = [gateTo(server), gateTo(client)];
  const statementOf = statementReader();
  /** How often the server was asked to say that it is ready again, the first time by the greeting, and how often it was. */
  let [asked, answered] = [0, 0];
  let waiting: { readonly forAnswer: number; readonly tell: () => void } | null = null;
  const cut = () => {
    client.destroy();
    server.destroy();
  };
  const release = () => {
    toServer.release();
    toClient.release();
  };

  function spring({ fault, spring: tell }: Trap): void {
    const met = () => {
      if (fault === "cutBefore" || fault === "cutAfter") cut();
      tell({ release });
    };
    toClient.hold();
    if (fault === "cutAfter" || fault === "holdAfter") {
      waiting = { forAnswer: asked + 1, tell: met };
      return;
    }
    toServer.hold();
    met();
  }

  function fromClient(message: Message): void {
    if (asksForEncryption(message)) {
      // As a server without it does.
      toClient.write(Buffer.from("N"));
      return;
    }
    const text = statementOf(message);
    const trap = text === null ? null : trapFor(text);
    if (trap) spring(trap);
    // The greeting, a query, a sync.
    if (message.type === null || message.type === "Q" || message.type === "S") asked += 1;
    toServer.write(message.bytes);
  }

  function fromServer({ type, bytes }: Message): void {
    toClient.write(bytes);
    if (type === "Z") answered += 1;
    if (waiting === null || answered < waiting.forAnswer) return;
    const { tell } = waiting;
    waiting = null;
    tell();
  }

  const cutClient = messageCutter("client");
  const cutServer = messageCutter("server");
  client.on("data", (chunk) => cutClient(chunk).forEach(fromClient));
  server.on("data", (chunk) => cutServer(chunk).forEach(fromServer));
  client.on("close", toServer.end);
  server.on("close", toClient.end);
  // An end that is gone is told by its close.
  for (const end of [client, server]) end.on("error", () => undefined);
  return { cut };
}

/** What is sent to one end, and that the other has left, can be held back. */
function gateTo(end: Socket) {
  let held: Buffer[] | null = null;
  let isEnded = false;
  return {
    write(bytes: Buffer): void {
      if (held) held.push(bytes);
      else if (!end.destroyed) end.write(bytes);
    },
    end(): void {
      isEnded = true;
      if (!held) end.end();
    },
    hold(): void {
      held ??= [];
    },
    release(): void {
      const bytes = Buffer.concat(held ?? []);
      held = null;
      if (end.destroyed) return;
      end.write(bytes);
      if (isEnded) end.end();
    },
  };
}
