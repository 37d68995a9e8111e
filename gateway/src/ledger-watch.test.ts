// A watch over what others change tells everything that it sees, and of a head that is gone nothing but that.

import { expect, it, vi } from "vitest";
import { watchLedger } from "./ledger-watch.js";
import type { Shared } from "./store/shared.js";

const hash = (fill: number) => Buffer.alloc(32, fill);
const head = (no: number, fill = no) => ({ no, hash: hash(fill) });

/** A watch on a database that says what the test puts there. */
function watching() {
  let seen: Shared | Error = { keys: null, gaps: "", hash: null, lastHead: null };
  const asked: number[] = [];
  const [hear, wentBack] = [vi.fn(async () => undefined), vi.fn()];
  const timers: (() => void)[] = [];
  const watch = watchLedger({
    async look(linkNo) {
      asked.push(linkNo);
      if (seen instanceof Error) throw seen;
      return seen;
    },
    hear,
    wentBack,
    after(_, run) {
      timers.push(run);
      return () => undefined;
    },
  });
  const look = (change: Partial<Shared> | Error) => {
    seen =
      change instanceof Error
        ? change
        : { keys: null, gaps: "", hash: null, lastHead: null, ...change };
    return watch.look();
  };
  return { watch, look, asked, hear, wentBack, timers };
}

it("asks for the link of the highest head that it saw", async () => {
  const { look, asked, hear, wentBack } = watching();
  await look({ lastHead: head(3) });
  await look({ hash: hash(3), lastHead: head(7) });
  await look({ hash: hash(7), lastHead: head(7) });
  expect(asked).toEqual([0, 3, 7]);
  expect(hear).toHaveBeenCalledTimes(3);
  expect(wentBack).not.toHaveBeenCalled();
});

it.each([
  ["is gone", null],
  ["stands for something else", hash(9)],
])("tells of a head whose link %s, again and again", async (_, found) => {
  const { look, hear, wentBack } = watching();
  await look({ lastHead: head(3) });
  await look({ hash: found, lastHead: head(2) });
  await look({ hash: found, lastHead: head(2) });
  expect(wentBack.mock.calls).toEqual([[head(3)], [head(3)]]);
  expect(hear).toHaveBeenCalledTimes(1);
});

it("says nothing while the database does not answer, and looks again", async () => {
  const { look, hear, wentBack, timers } = watching();
  await look({ lastHead: head(3) });
  await look(new Error("gone"));
  expect(hear).toHaveBeenCalledTimes(1);
  await look({ hash: hash(3), lastHead: head(3) });
  expect(hear).toHaveBeenCalledTimes(2);
  expect(wentBack).not.toHaveBeenCalled();
  expect(timers).toHaveLength(1);
});
