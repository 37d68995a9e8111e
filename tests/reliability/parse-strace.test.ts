// What the trace reader makes of whole, interrupted and foreign lines.

import { describe, expect, test } from "vitest";
import { parseStrace } from "./parse-strace.js";

const TCP = "TCP:[127.0.0.1:8443->127.0.0.1:40000]";

describe("parseStrace", () => {
  test("gives a whole line as a start and a return", () => {
    const line = '71 1700000000.000001 pwrite64(19</d/gateway.db-wal>, ""..., 24, 32) = 24';
    const call = { thread: 71, name: "pwrite64", target: "/d/gateway.db-wal" };
    expect(parseStrace(line)).toEqual([
      { ...call, phase: "started", args: ', ""..., 24, 32) = 24', result: null },
      { ...call, phase: "returned", args: "", result: 24 },
    ]);
  });

  test("keeps the place of an interrupted call's start and return", () => {
    const text = [
      "71 1700000000.000001 fsync(19</d/gateway.db-wal> <unfinished ...>",
      `72 1700000000.000002 write(20<${TCP}>, ""..., 90) = 90`,
      "71 1700000000.000003 <... fsync resumed>)  = 0",
    ].join("\n");
    const seen = parseStrace(text).map(({ name, phase, result }) => [name, phase, result]);
    expect(seen).toEqual([
      ["fsync", "started", null],
      ["write", "started", null],
      ["write", "returned", 90],
      ["fsync", "returned", 0],
    ]);
  });

  test("names a connection by both its ends", () => {
    const events = parseStrace(`7 1700000000.1 writev(23<${TCP}>, [...], 2) = 124`);
    expect(events.map(({ target }) => target)).toEqual([TCP, TCP]);
  });

  test("reads the result of a call that returned late, with its arguments", () => {
    const text = [
      `7 1700000000.1 read(23<${TCP}>,  <unfinished ...>`,
      '7 1700000000.2 <... read resumed>""..., 65536) = 96',
    ].join("\n");
    expect(parseStrace(text).at(-1)).toMatchObject({ phase: "returned", target: TCP, result: 96 });
  });

  test("reads failures as their negative result, and no result as null", () => {
    const text = [
      `7 1700000000.1 read(23<${TCP}>, 0x5581, 65536) = -1 EAGAIN (Resource temporarily unavailable)`,
      "7 1700000000.2 fsync(19</d/gateway.db-wal> <unfinished ...>",
      "7 1700000000.3 <... fsync resumed>) = ?",
    ].join("\n");
    const returned = parseStrace(text).filter(({ phase }) => phase === "returned");
    expect(returned.map(({ result }) => result)).toEqual([-1, null]);
  });

  test("leaves out what is no call on a descriptor", () => {
    const text =
      "7 1700000000.1 +++ exited with 0 +++\n7 1700000000.2 --- SIGTERM {si_pid=1} ---\n";
    expect(parseStrace(text)).toEqual([]);
  });

  test("refuses a trace in which a call resumes as another one", () => {
    const text = "7 1.1 fsync(19</d/x> <unfinished ...>\n7 1.2 <... read resumed>) = 0";
    expect(() => parseStrace(text)).toThrow(SyntaxError);
  });
});
