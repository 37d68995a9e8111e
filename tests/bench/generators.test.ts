// What generators send and what is read from them: fresh evidence, arrivals, wrk's and pgbench's results, the gate before a run.

import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";

interface ArrivalsModule {
  arrivalTimesMs(options: {
    perSecond: number;
    seed: number;
    runMs: number;
    countMax: number;
  }): Float64Array;
}
interface WrkModule {
  readWrk(output: string): { answers: number; latenciesMs: Float64Array; elapsedMs: number };
}
interface HistogramModule {
  measuredMs(found: {
    histogram: [number, number][];
    answers: number;
    paceMicros: number;
  }): Float64Array;
}
interface PgbenchModule {
  readPgbench(told: { output: string; log: string }): {
    answers: number;
    elapsedMs: number;
    latenciesMs: Float64Array;
  };
}

interface MixesModule {
  requestMaker(options: { supplies: object; mix: string; namesTerminal: boolean }): () => string;
}
interface ListenerModule {
  withBench(app: RequestListener): { onConnection: () => void; onRequest: RequestListener };
  announce(url: string, connections: number): Promise<void>;
}

const url = (file: string) => new URL(file, import.meta.url).href;
const { arrivalTimesMs }: ArrivalsModule = await import(url("arrivals.mjs"));
const { readWrk }: WrkModule = await import(url("wrk.mjs"));
const { measuredMs }: HistogramModule = await import(url("wrk-histogram.mjs"));
const { readPgbench }: PgbenchModule = await import(url("pgbench.mjs"));
const { requestMaker }: MixesModule = await import(url("mixes.mjs"));
const { withBench, announce }: ListenerModule = await import(url("bench-listener.mjs"));

const supplies = () => ({
  cards: Array.from({ length: 3 }, (_, index) => ({
    uid: Buffer.from([4, 0, 0, 0, 0, 0, index]),
    metaReadKey: Buffer.alloc(16, 1),
    fileReadKey: Buffer.alloc(16, 2),
    counter: 0,
    printed: { token: "PR1", cardNumber: "9000000000000000", pin: "4821" },
  })),
  terminals: ["POS-1", "POS-2", "POS-1", "POS-3"].map((pointOfSaleId, index) => ({
    pointOfSaleId,
    pinKey: { initialKeyHex: "0b".repeat(16), initialKeyIdHex: `000000000000000${index}` },
    pinCounter: 0,
  })),
});

/** So many requests of a mix, each taken apart. */
function made(mix: string, count: number, held = supplies()) {
  const make = requestMaker({ supplies: held, mix, namesTerminal: true });
  return Array.from({ length: count }, () => {
    const [head = "", body = ""] = make().split("\r\n\r\n");
    const terminal = Number(/^x-bench-terminal: (\d+)$/m.exec(head.replaceAll("\r", ""))?.[1]);
    return { terminal, ...JSON.parse(body) };
  });
}

test("each request has an id, a message and a terminal of its own, in turns over the partners", () => {
  const requests = made("spread", 6);
  expect(new Set(requests.map(({ id }) => id)).size).toBe(6);
  expect(new Set(requests.map(({ evidence }) => evidence.message)).size).toBe(6);
  expect(requests.map(({ terminal }) => terminal)).toEqual([0, 1, 3, 0, 1, 3]);
});

test("at a hot merchant all terminals are of one point of sale", () => {
  expect(made("hot-merchant", 3).map(({ terminal }) => terminal)).toEqual([0, 2, 0]);
});

test("a hot card taps again and again, and no other does", () => {
  const held = supplies();
  made("hot-card", 5, held);
  expect(held.cards.map(({ counter }) => counter)).toEqual([5, 0, 0]);
});

test("one in ten asks for what no card has", () => {
  const requests = made("declines", 20);
  const dear = requests.flatMap(({ exact }, index) => (exact === true ? index : []));
  expect(dear).toEqual([9, 19]);
});

test("one in five is a code with a PIN, each under a later key of its terminal", () => {
  const requests = made("qr-pin", 30);
  const scanned = requests.filter(({ evidence }) => evidence.type === "qr");
  expect(scanned).toHaveLength(6);
  const serials = scanned.map(({ evidence }) => evidence.pinBlock.ksn);
  expect(new Set(serials).size).toBe(6);
  const terminals = new Set(scanned.map(({ terminal }) => terminal));
  for (const terminal of terminals) {
    const own = scanned.filter((one) => one.terminal === terminal);
    const ascending = own.map(({ evidence }) => evidence.pinBlock.ksn);
    expect(ascending).toEqual(ascending.toSorted());
  }
});

test("requests wait until all announced connections are there", async () => {
  let served = 0;
  const { onConnection, onRequest } = withBench((_request, response) => {
    served += 1;
    response.end("served");
  });
  const server = createServer(onRequest).on("connection", onConnection);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await announce(at, 2);
    const ask = () => fetch(at, { headers: { connection: "close" } });
    const arrived = new Promise((resolve) => server.once("request", resolve));
    const first = ask();
    await arrived;
    expect(served).toBe(0);
    await ask();
    await first;
    expect(served).toBe(2);
  } finally {
    server.close();
  }
});

test("arrivals are those of their seed, at their rate, and independent of each other", () => {
  const options = { perSecond: 1_000, seed: 7, runMs: 20_000, countMax: 100_000 };
  const times = arrivalTimesMs(options);
  expect(arrivalTimesMs(options)).toEqual(times);
  expect(arrivalTimesMs({ ...options, seed: 8 })).not.toEqual(times);
  expect(Math.abs(times.length - 20_000)).toBeLessThan(20_000 * 0.05);
  const gaps = [...times].map((time, index) => time - (times[index - 1] ?? 0));
  // Of exponential gaps a share of 1/e is longer than their mean.
  const long = gaps.filter((gap) => gap > 1).length / gaps.length;
  expect(Math.abs(long - Math.exp(-1))).toBeLessThan(0.02);
});

const wrkSaid = {
  sent: 3,
  answers: 3,
  approved: 3,
  approvedCents: 900,
  elapsedMs: 2.5,
  failed: 0,
  paceMicros: 10_000,
  histogram: [
    [500, 2],
    [1_500, 1],
  ],
};
const wrkOutput = (change: object, other = "") =>
  `Running\n\nBENCH ${JSON.stringify({ ...wrkSaid, ...change })}\nOTHER ${other}\n`;

test("wrk's histogram becomes latencies", () => {
  const { latenciesMs, answers, elapsedMs } = readWrk(wrkOutput({}));
  expect({ latencies: [...latenciesMs], answers, elapsedMs }).toEqual({
    latencies: [0.5, 0.5, 1.5],
    answers: 3,
    elapsedMs: 2.5,
  });
});

/** What wrk makes of measured times: its `stats_correct`. */
function asWrkCorrects(times: number[], paceMicros: number): [number, number][] {
  const counts = new Map<number, number>();
  const add = (micros: number) => counts.set(micros, (counts.get(micros) ?? 0) + 1);
  for (const micros of times) {
    add(micros);
    if (micros < 2 * paceMicros) continue;
    for (let more = micros - paceMicros; more > paceMicros; more -= paceMicros) add(more);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

test("the times that wrk adds for requests it did not send are taken out again", () => {
  const times = [90, 100, 150, 200, 200, 201, 350, 350, 401, 5_000, 5_100];
  const histogram = asWrkCorrects(times, 100);
  const measured = measuredMs({ histogram, answers: times.length, paceMicros: 100 });
  expect([...measured].map((ms) => ms * 1_000).sort((a, b) => a - b)).toEqual(times);
});

test("a histogram that wrk did not correct is taken as it is, and one that does not add up is refused", () => {
  const histogram: [number, number][] = [
    [10, 2],
    [500, 1],
  ];
  expect(measuredMs({ histogram, answers: 3, paceMicros: 20 })).toHaveLength(3);
  expect(() => measuredMs({ histogram, answers: 2, paceMicros: 20 })).toThrow(/add up/);
});

test.each([
  ["a request without an answer", wrkOutput({ answers: 2 })],
  ["an answer after the end", wrkOutput({ elapsedMs: 0 })],
  ["a broken connection", wrkOutput({ failed: 1 })],
  ["an answer that is no decision", wrkOutput({}, "503 busy")],
  ["a wrk without the script", "Running\n"],
])("%s is no measurement by wrk", (_what, output) => {
  expect(() => readWrk(output)).toThrow();
});

test("pgbench's rate and its log become a sample", () => {
  const output = "latency average = 2 ms\ntps = 500.000000 (without initial connection time)\n";
  const { answers, elapsedMs, latenciesMs } = readPgbench({
    output,
    log: "0 1 1500 0 1700000000 1\n0 2 2500 0 1700000000 2\n",
  });
  expect({ answers, elapsedMs, latencies: [...latenciesMs] }).toEqual({
    answers: 2,
    elapsedMs: 4,
    latencies: [1.5, 2.5],
  });
  expect(() => readPgbench({ output: "", log: "" })).toThrow();
});
