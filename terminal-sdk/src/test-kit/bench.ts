// A fake gateway and the terminals that a test has opened on it, all of which end with the test.

import type { SaleResult } from "../sale/results.js";
import type { SaleRequest } from "../sale/sale.js";
import { FakeGateway } from "./fake-gateway.js";
import { TAP } from "./fake-reader.js";
import { type OpenedTerminal, type OpenOptions, openTerminal } from "./open-terminal.js";

/** One ticket of 18,00 EUR, which the fixtures' terminal accepts. */
export const SALE: SaleRequest = { avantage: "SPECTACLE", purchaseCents: 1800 };

/** Ends soon in doubt, so that tests of doubt are short. */
export const HASTY = { saleMs: 800, marginMs: 100 };

export class TerminalBench {
  #gateway: FakeGateway | null = null;
  readonly #opened: OpenedTerminal[] = [];

  get gateway(): FakeGateway {
    if (this.#gateway === null) throw new Error("the bench was not started");
    return this.#gateway;
  }

  async start(): Promise<void> {
    this.#gateway = await FakeGateway.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map(({ terminal }) => terminal.close()));
    await this.gateway.stop();
  }

  async open(options: OpenOptions = {}): Promise<OpenedTerminal> {
    const opened = await openTerminal({ gateway: this.gateway, ...options });
    this.#opened.push(opened);
    return opened;
  }

  /** Sells {@link SALE} to a card that is tapped as soon as the reader is armed. */
  async sellByTap(
    { terminal, reader }: OpenedTerminal,
    change: Partial<SaleRequest> = {},
  ): Promise<SaleResult> {
    const sale = terminal.sell({ ...SALE, ...change });
    await Promise.race([reader.whenArmed(), sale]);
    reader.present(TAP);
    return sale;
  }
}

/** A promise and what resolves it. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
