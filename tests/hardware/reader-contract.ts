// What every CardReader owes to the terminal, as tests to be run on each kind of reader.

import type { Presented } from "@pass-tpe/terminal-sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RecordedReader } from "./reader-events.js";

/** One of two customers, told apart by what their card shows. */
export type Customer = "A" | "B";

/** A reader on its bench, and the hands before it. */
export interface ReaderBench {
  /** Open, and not armed. */
  readonly recorded: RecordedReader;
  /** Presents a customer's card or code. */
  present(customer: Customer): Promise<void>;
  /** Presents something that is refused. */
  presentBad(): Promise<void>;
  /** Takes away what lies on the reader, if that is how it works. */
  takeAway(): Promise<void>;
  /** Presents and takes away; resolves when the reader has certainly noticed both. */
  presentUnheard(customer: Customer): Promise<void>;
  /** Whose card or code it was. */
  customerOf(presented: Presented): Customer;
  /** Closes the reader and clears the bench. */
  close(): Promise<void>;
}

/** Declares the contract's tests inside the `describe` that calls it. */
export function describeReaderContract(
  makeBench: () => Promise<ReaderBench>,
  /** Whether what is presented lies on the reader until it is taken away. */
  { cardsLie }: { cardsLie: boolean },
): void {
  let bench: ReaderBench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.close());

  const customers = () =>
    bench.recorded.presented().map((presented) => bench.customerOf(presented));

  it("says that it is ready before open resolves", () => {
    expect(bench.recorded.events[0]).toEqual({ type: "state", state: { status: "ready" } });
  });

  it("gives what is presented after arm, with the time it took", async () => {
    bench.recorded.reader.arm();
    await bench.present("A");
    const event = await bench.recorded.next("presented");
    expect(bench.customerOf(event.presented)).toBe("A");
    expect(event.readMs).toBeGreaterThanOrEqual(0);
  });

  it("gives one presentation for each arm", async () => {
    bench.recorded.reader.arm();
    await bench.present("A");
    await bench.recorded.next("presented");
    await bench.takeAway();
    await bench.presentUnheard("B");
    expect(customers()).toEqual(["A"]);
  });

  it("drops what is presented while no card is wanted", async () => {
    bench.recorded.reader.arm();
    bench.recorded.reader.disarm();
    await bench.presentUnheard("A");
    bench.recorded.reader.arm();
    await bench.present("B");
    await bench.recorded.next("presented");
    expect(customers()).toEqual(["B"]);
  });

  if (cardsLie) {
    it("reads a card that already lies there at the first arm", async () => {
      await bench.present("A");
      bench.recorded.reader.arm();
      await bench.recorded.next("presented");
      expect(customers()).toEqual(["A"]);
    });

    it("never gives a card again that was left lying, and says so", async () => {
      bench.recorded.reader.arm();
      await bench.present("A");
      await bench.recorded.next("presented");
      bench.recorded.reader.arm();
      await bench.recorded.next("cardLeft");
      bench.recorded.reader.disarm();
      bench.recorded.reader.arm();
      await bench.recorded.next("cardLeft");
      await bench.takeAway();
      await bench.present("A");
      await bench.recorded.next("presented");
      expect(customers()).toEqual(["A", "A"]);
    });
  }

  it("stays ready after a refusal", async () => {
    bench.recorded.reader.arm();
    await bench.presentBad();
    await bench.recorded.next("refused");
    await bench.takeAway();
    await bench.present("A");
    await bench.recorded.next("presented");
    expect(customers()).toEqual(["A"]);
  });

  it("can be closed twice and says nothing after", async () => {
    const { reader, events } = bench.recorded;
    await reader.close();
    await reader.close();
    const said = events.length;
    reader.arm();
    await bench.present("A");
    expect(events).toHaveLength(said);
  });
}
