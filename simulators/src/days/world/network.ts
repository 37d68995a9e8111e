// The wire between terminals and the gateway: connections that the weather delays, cuts, swallows and repeats.

import { type Line, SimulatedSocket } from "./socket.js";
import type { Timeline } from "./timeline.js";
import type { Direction, Weather } from "./weather.js";

/** Who takes connections; a gateway while it lives. */
export interface Door {
  accept(socket: SimulatedSocket, terminal: string): void;
}

/** Told of what has arrived, for whoever wants to know what was said. */
export type Overheard = (message: {
  readonly terminal: string;
  readonly connection: number;
  readonly direction: Direction;
  readonly bytes: Buffer;
}) => void;

interface Way {
  /** What is sent later arrives no earlier. */
  freeAtMs: number;
  isLost: boolean;
}

interface Connection {
  readonly terminal: string;
  readonly number: number;
  readonly client: SimulatedSocket;
  server: SimulatedSocket | null;
  readonly ways: Readonly<Record<Direction, Way>>;
  /** The message that was sent up last. */
  asked: Buffer | null;
}

const GOOD_ANSWER = "HTTP/1.1 2";

export class Network {
  readonly #timeline: Timeline;
  readonly #weather: Weather;
  readonly #overheard: Overheard;
  readonly #left: (terminal: string, bytes: Buffer) => void;
  readonly #open = new Set<Connection>();
  /** Requests of which the gateway keeps nothing: a copy would be decided anew. */
  readonly #refused = new Set<string>();
  #door: Door | null = null;
  #numbers = 0;

  /** @param options.left is told of what a terminal has put on the wire, whatever becomes of it. */
  constructor(options: {
    timeline: Timeline;
    weather: Weather;
    overheard: Overheard;
    left: (terminal: string, bytes: Buffer) => void;
  }) {
    this.#timeline = options.timeline;
    this.#weather = options.weather;
    this.#overheard = options.overheard;
    this.#left = options.left;
  }

  /** From now on connections are taken here; null: they are refused, and those that stand are reset. */
  openDoor(door: Door | null): void {
    this.#door = door;
    if (door !== null) return;
    for (const connection of [...this.#open]) {
      const { server } = connection;
      connection.server = null;
      if (server !== null) this.#resetClient(connection);
    }
  }

  /** A new connection of a terminal. */
  dial(terminal: string): SimulatedSocket {
    this.#numbers += 1;
    const way = (): Way => ({ freeAtMs: 0, isLost: false });
    const client: SimulatedSocket = new SimulatedSocket(
      this.#line(() => connection, "up"),
      { connecting: true },
    );
    const ways = { up: way(), down: way() };
    const connection: Connection = {
      terminal,
      number: this.#numbers,
      client,
      server: null,
      ways,
      asked: null,
    };
    this.#open.add(connection);
    const dialled = this.#weather.dial(terminal);
    if (dialled.kind === "lost") return client;
    this.#timeline.after(dialled.afterMs, () => {
      if (dialled.kind === "refused" || this.#door === null) client.fail("ECONNREFUSED");
      else this.#stand(connection, this.#door);
    });
    return client;
  }

  /** The terminal is no more: its connections are reset at the gateway. */
  forget(terminal: string): void {
    for (const connection of [...this.#open]) {
      if (connection.terminal === terminal) connection.client.destroy();
    }
  }

  #stand(connection: Connection, door: Door): void {
    if (connection.client.destroyed) return;
    const server = new SimulatedSocket(
      this.#line(() => connection, "down"),
      { connecting: false },
    );
    // Nobody else listens to an end that was reset.
    server.on("error", () => undefined);
    connection.server = server;
    door.accept(server, connection.terminal);
    connection.client.connected();
  }

  #line(of: () => Connection, direction: Direction): Line {
    const other = (connection: Connection) =>
      direction === "up" ? connection.server : connection.client;
    return {
      carry: (bytes) => this.#carry(of(), direction, bytes),
      finish: () => this.#deliver(of(), direction, 0, (it) => other(it)?.deliverEnd()),
      drop: () => {
        const connection = of();
        if (direction === "up") this.#open.delete(connection);
        this.#deliver(connection, direction, 0, (it) => other(it)?.fail("ECONNRESET"));
      },
    };
  }

  #carry(connection: Connection, direction: Direction, bytes: Buffer): void {
    const { terminal } = connection;
    const carried = this.#weather.carry({ terminal, direction, bytes: bytes.length });
    const { delayMs, cutAfterBytes = bytes.length, isLost = false, againAfterMs } = carried;
    if (isLost) connection.ways[direction].isLost = true;
    if (direction === "up") {
      connection.asked = bytes;
      this.#left(terminal, bytes);
    } else if (connection.asked !== null && isNotKept(connection.asked, bytes)) {
      this.#refused.add(nameOf(connection.asked));
    }
    const arrives = bytes.subarray(0, cutAfterBytes);
    this.#deliver(connection, direction, delayMs, (it) => this.#arrive(it, direction, arrives));
    if (arrives.length < bytes.length) {
      this.#deliver(connection, direction, delayMs, (it) => {
        it.server?.fail("ECONNRESET");
        it.client.fail("ECONNRESET");
      });
    }
    if (direction === "up" && againAfterMs !== undefined) {
      this.#timeline.after(delayMs + againAfterMs, () => this.#sendAgain(terminal, bytes));
    }
  }

  #arrive(connection: Connection, direction: Direction, bytes: Buffer): void {
    const { terminal, number, server, client } = connection;
    const end = direction === "up" ? server : client;
    if (end === null || end.destroyed) return;
    end.deliver(bytes);
    this.#overheard({ terminal, connection: number, direction, bytes });
  }

  #deliver(
    connection: Connection,
    direction: Direction,
    delayMs: number,
    arrive: (connection: Connection) => void,
  ): void {
    const way = connection.ways[direction];
    if (way.isLost) return;
    way.freeAtMs = Math.max(way.freeAtMs, this.#timeline.nowMs + delayMs);
    this.#timeline.after(way.freeAtMs - this.#timeline.nowMs, () => arrive(connection));
  }

  /**
   * What somebody on the way sends twice: the gateway sees a request like any other. Not one of which the gateway has
   * kept nothing: over mutual TLS nobody but the terminal can send a copy, and it has told the till by then that nothing
   * moved.
   */
  #sendAgain(terminal: string, bytes: Buffer): void {
    if (this.#door === null || this.#refused.has(nameOf(bytes))) return;
    const nothing = () => undefined;
    const server = new SimulatedSocket(
      { carry: nothing, finish: nothing, drop: nothing },
      { connecting: false },
    );
    server.on("error", nothing);
    this.#door.accept(server, terminal);
    server.deliver(bytes);
    this.#numbers += 1;
    this.#overheard({ terminal, connection: this.#numbers, direction: "up", bytes });
  }

  #resetClient(connection: Connection): void {
    this.#deliver(connection, "down", 1, (it) => it.client.fail("ECONNRESET"));
  }
}

const AFTER_SALE = /^POST \/v1\/authorizations\/[^/ ]+\/(?:capture|refunds|reversal) /;

/** What a request asks for, whichever try of it this is: its line, and the id in its body. */
function nameOf(asked: Buffer): string {
  const text = asked.toString("latin1");
  return `${text.slice(0, text.indexOf("\r\n"))} ${/"id":"([^"]+)"/.exec(text)?.[1] ?? ""}`;
}

/** Refused at the door, or a capture, refund or reversal that was declined: of those only what was done is stored. */
function isNotKept(asked: Buffer, answer: Buffer): boolean {
  const said = answer.toString("latin1");
  if (!said.startsWith(GOOD_ANSWER)) return true;
  return AFTER_SALE.test(asked.toString("latin1")) && said.includes('"outcome":"declined"');
}
