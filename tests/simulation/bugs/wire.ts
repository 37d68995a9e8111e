// The wire of a till with a bug between its SDK and the connection: what it sends and what it hears is changed.

import type { DayOptions } from "../../../simulators/src/days/run-plan.js";
import type { SimulatedSocket } from "../../../simulators/src/days/world/socket.js";

export interface WireBug {
  /** Of one request, head and body; the length must stay. */
  asks?(request: string): string;
  /** Of one answer, head and body, with the request that was sent last on its connection. */
  answers?(answer: string, request: string): string;
}

/** A day whose tills have such a wire; the bug of each till lasts through its lives. */
export function wireBug(make: () => WireBug): Pick<DayOptions, "wrapTerminal"> {
  const bugs = new Map<string, WireBug>();
  return {
    wrapTerminal(options) {
      const bug = bugs.get(options.name) ?? make();
      bugs.set(options.name, bug);
      const { network } = options;
      return {
        ...options,
        network: {
          dial: (terminal) => rewired(network.dial(terminal), bug),
          forget: (terminal) => network.forget(terminal),
        },
      };
    },
  };
}

/** Each request and each answer is one piece of bytes. */
function rewired(socket: SimulatedSocket, bug: WireBug): SimulatedSocket {
  const { asks = (it) => it, answers = (it) => it } = bug;
  const write = socket._writev.bind(socket);
  const deliver = socket.deliver.bind(socket);
  let request = "";
  socket._writev = (parts, done) => {
    request = Buffer.concat(parts.map(({ chunk }) => chunk)).toString("latin1");
    write([{ chunk: Buffer.from(asks(request), "latin1") }], done);
  };
  socket._write = (chunk, _encoding, done) => socket._writev([{ chunk }], done);
  socket.deliver = (bytes) => {
    deliver(Buffer.from(answers(bytes.toString("latin1"), request), "latin1"));
  };
  return socket;
}
