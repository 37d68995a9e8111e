// Checks which typed numbers are taken.

import { withLuhn } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { keyedEntry } from "./keyed.js";
import type { ReaderEvent } from "./reader.js";

const NUMBER = withLuhn("925000000000001");

async function openKeyed() {
  const reader = keyedEntry();
  const events: ReaderEvent[] = [];
  await reader.open((event) => events.push(event));
  return { reader, last: () => events.at(-1), events };
}

describe("keyed entry", () => {
  it("is ready at once", async () => {
    const { last } = await openKeyed();
    expect(last()).toEqual({ type: "state", state: { status: "ready" } });
  });

  it("takes the number without its blanks", async () => {
    const { reader, last } = await openKeyed();
    reader.arm();
    reader.enter(` ${NUMBER.slice(0, 4)} ${NUMBER.slice(4)} `);
    expect(last()).toMatchObject({ presented: { kind: "keyed", cardNumber: NUMBER } });
  });

  it.each([
    {
      slip: "a wrong check digit",
      typed: `${NUMBER.slice(0, 15)}${(Number(NUMBER[15]) + 1) % 10}`,
    },
    { slip: "a digit too few", typed: NUMBER.slice(1) },
    { slip: "a letter", typed: NUMBER.replace("9", "O") },
    { slip: "nothing", typed: "" },
  ])("refuses $slip without repeating it, and takes the next", async ({ typed }) => {
    const { reader, last } = await openKeyed();
    reader.arm();
    reader.enter(typed);
    expect(last()).toMatchObject({ type: "refused", code: "CARD_UNREADABLE" });
    expect(JSON.stringify(last())).not.toContain(NUMBER.slice(1, 15));
    reader.enter(NUMBER);
    expect(last()).toMatchObject({ type: "presented" });
  });

  it("drops a number while no card is wanted", async () => {
    const { reader, events } = await openKeyed();
    reader.enter(NUMBER);
    expect(events).toHaveLength(1);
  });
});
