// The checker of traces passes an order that is right and sees each way in which it can be wrong.

import { describe, expect, test } from "vitest";
import { durabilityOrder, lastTurns } from "./durability-order.js";
import { parseStrace } from "./parse-strace.js";

const WAL = "/data/gateway.db-wal";
const ONE = "TCP:[127.0.0.1:8443->127.0.0.1:40001]";
const OTHER = "TCP:[127.0.0.1:8443->127.0.0.1:40002]";

const ask = (on = ONE) => `1 1.0 read(20<${on}>, ""..., 65536) = 300`;
const write = `1 1.0 pwrite64(19<${WAL}>, ""..., 4096, 56) = 4096`;
const sync = `1 1.0 fdatasync(19<${WAL}>) = 0`;
const answer = (on = ONE) => `1 1.0 writev(20<${on}>, [...], 2) = 900`;

const orderOf = (...lines: readonly string[]) =>
  durabilityOrder(parseStrace(lines.join("\n")), { isLog: (path) => path === WAL });
const syncedTurns = (...lines: readonly string[]) =>
  orderOf(...lines).turns.map(({ synced }) => synced);

describe("an order that is right", () => {
  test("has each answer after a written and synced log", () => {
    const sale = [ask(), write, write, sync, answer()];
    expect(orderOf(...sale, ...sale).early).toEqual([]);
    expect(syncedTurns(...sale, ...sale)).toEqual([true, true]);
  });

  test("may answer several connections after one commit", () => {
    const lines = [ask(), ask(OTHER), write, sync, answer(), answer(OTHER)];
    expect(orderOf(...lines).early).toEqual([]);
    expect(syncedTurns(...lines)).toEqual([true, true]);
  });

  test("counts an answer in two pieces as one", () => {
    expect(syncedTurns(ask(), write, sync, answer(), answer())).toEqual([true]);
  });

  test("counts a question in two pieces from its first", () => {
    expect(syncedTurns(ask(), write, sync, ask(), answer())).toEqual([true]);
  });
});

describe("an order that is wrong is seen where", () => {
  test("an answer leaves before the sync", () => {
    const { early, turns } = orderOf(ask(), write, answer(), sync);
    expect(early).toHaveLength(1);
    expect(turns[0]?.synced).toBe(false);
  });

  test("an answer leaves while the sync is under way", () => {
    const { early } = orderOf(
      ask(),
      write,
      `2 1.0 fdatasync(19<${WAL}> <unfinished ...>`,
      answer(),
      "2 1.0 <... fdatasync resumed>) = 0",
    );
    expect(early).toHaveLength(1);
  });

  test("the sync fails", () => {
    const failed = `1 1.0 fdatasync(19<${WAL}>) = -1 EIO (Input/output error)`;
    expect(orderOf(ask(), write, failed, answer()).early).toHaveLength(1);
  });

  test("another file is synced", () => {
    const elsewhere = "1 1.0 fdatasync(18</data/gateway.db>) = 0";
    expect(orderOf(ask(), write, elsewhere, answer()).early).toHaveLength(1);
  });

  test("the log is written again after the sync", () => {
    expect(orderOf(ask(), write, sync, write, answer()).early).toHaveLength(1);
  });

  test("the sync began before the write had returned", () => {
    const { early } = orderOf(
      ask(),
      `2 1.0 pwrite64(19<${WAL}>, ""..., 24, 32 <unfinished ...>`,
      sync,
      "2 1.0 <... pwrite64 resumed>) = 24",
      answer(),
    );
    expect(early).toHaveLength(1);
  });

  test("nothing is written for an answer", () => {
    expect(syncedTurns(ask(), write, sync, answer(), ask(), answer())).toEqual([true, false]);
  });

  test("the only sync is older than the question", () => {
    const lines = [ask(), write, sync, answer(), ask(OTHER), answer(OTHER)];
    expect(syncedTurns(...lines)).toEqual([true, false]);
  });
});

describe("lastTurns", () => {
  test("leaves the handshakes out and keeps each connection's last turns", () => {
    const { turns } = orderOf(
      ask(),
      answer(),
      ask(OTHER),
      answer(OTHER),
      ask(),
      write,
      sync,
      answer(),
    );
    expect(lastTurns(turns, 1).map(({ synced }) => synced)).toEqual([true, false]);
  });
});

test("a record of interest is told from other writes to the log by its text", () => {
  const text = [
    ask(),
    `1 1.0 write(19<${WAL}>, "aa {\\"type\\":\\"acknowledged\\"", 40) = 40`,
    sync,
    answer(),
    ask(),
    `1 1.0 write(19<${WAL}>, "bb {\\"type\\":\\"attempt\\"", 40) = 40`,
    sync,
    answer(),
  ].join("\n");
  const { turns } = durabilityOrder(parseStrace(text), {
    isLog: (path) => path === WAL,
    isRecord: (args) => args.includes("attempt"),
  });
  expect(turns.map(({ synced }) => synced)).toEqual([false, true]);
});
