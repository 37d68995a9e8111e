// Opens a terminal with everything that a test does not care about.

import { join } from "node:path";
import type { TerminalEvent } from "../events.js";
import type { TerminalOptions } from "../options.js";
import { Terminal } from "../terminal.js";
import type { FakeGateway } from "./fake-gateway.js";
import { FakeReader } from "./fake-reader.js";
import { temporaryFolder } from "./fixtures.js";

export interface OpenedTerminal {
  readonly terminal: Terminal;
  readonly reader: FakeReader;
  /** All events so far, in order. */
  readonly events: TerminalEvent[];
  /** Resolves at the first event of a type, also when it is past. */
  seen<T extends TerminalEvent["type"]>(type: T): Promise<Extract<TerminalEvent, { type: T }>>;
}

export type OpenOptions = Partial<Omit<TerminalOptions, "gateway">>;

export async function openTerminal(
  options: { gateway: FakeGateway } & OpenOptions,
): Promise<OpenedTerminal> {
  const { gateway, ...rest } = options;
  const reader = new FakeReader();
  const terminal = await Terminal.open({
    gateway: gateway.url,
    journal: join(temporaryFolder(), "journal"),
    readers: [reader],
    ...rest,
  });
  const events: TerminalEvent[] = [];
  terminal.on("*", (event) => events.push(event));
  return { terminal, reader, events, seen: (type) => seen({ terminal, events, type }) };
}

function seen<T extends TerminalEvent["type"]>(options: {
  terminal: Terminal;
  events: readonly TerminalEvent[];
  type: T;
}): Promise<Extract<TerminalEvent, { type: T }>> {
  const { terminal, events, type } = options;
  const isWanted = (event: TerminalEvent): event is Extract<TerminalEvent, { type: T }> =>
    event.type === type;
  const past = events.find(isWanted);
  if (past !== undefined) return Promise.resolve(past);
  return new Promise((resolve) => {
    const end = terminal.on("*", (event) => {
      if (!isWanted(event)) return;
      end();
      resolve(event);
    });
  });
}
