// One end of a simulated connection: a stream that Node's own HTTP client and server take for a socket.

import { Duplex } from "node:stream";

/** What one end does to the other, by way of the network. */
export interface Line {
  carry(bytes: Buffer): void;
  /** Nothing more will come. */
  finish(): void;
  /** It was let go of. */
  drop(): void;
}

export class SimulatedSocket extends Duplex {
  readonly #line: Line;
  /** As a socket's: nothing that was written has left before the connection stands. */
  connecting: boolean;

  constructor(line: Line, { connecting }: { connecting: boolean }) {
    super({ allowHalfOpen: false });
    this.#line = line;
    this.connecting = connecting;
  }

  /** The connection stands from now on. */
  connected(): void {
    if (this.destroyed) return;
    this.connecting = false;
    this.emit("connect");
  }

  /** Bytes come in. */
  deliver(bytes: Buffer): void {
    if (!this.destroyed) this.push(bytes);
  }

  /** The other end says that nothing more will come. */
  deliverEnd(): void {
    if (!this.destroyed) this.push(null);
  }

  /** The connection is gone, for a reason in the system's words. */
  fail(code: "ECONNRESET" | "ECONNREFUSED"): void {
    if (this.destroyed) return;
    this.destroy(Object.assign(new Error(`simulated ${code}`), { code }));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#send(bytes, done);
  }

  /** What was written together leaves together: one request is one message. */
  override _writev(parts: { chunk: Buffer }[], done: () => void): void {
    this.#send(Buffer.concat(parts.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#line.finish();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#line.drop();
    done(error);
  }

  #send(bytes: Buffer, done: () => void): void {
    const send = () => {
      this.#line.carry(bytes);
      done();
    };
    // Nothing is written before the connection stands, and nothing at all where it never does.
    if (this.connecting) this.once("connect", send);
    else send();
  }

  // What HTTP asks of a socket and a stream has not: there is no kernel to tell it to.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
