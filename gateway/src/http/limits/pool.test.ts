// Who is cut where a pool is full: the network that holds most of it, and no other that came earlier.

import { describe, expect, it } from "vitest";
import { createPool, type PoolLimits } from "./pool.js";

function poolOf(limits: PoolLimits) {
  const cut: string[] = [];
  const pool = createPool(limits);
  const socketOf = (name: string) => ({ destroy: () => cut.push(name) });
  return {
    cut,
    add(name: string, network: string) {
      const socket = socketOf(name);
      pool.add(socket, network);
      return { leave: () => pool.delete(socket) };
    },
  };
}

describe("a pool that is full", () => {
  it("cuts a crowd from several networks, and not the few of another that came before them", () => {
    const pool = poolOf({ max: 1_000, perNetworkMax: 256 });
    for (let count = 0; count < 20; count += 1) pool.add("site", "site");
    for (let network = 0; network < 4; network += 1) {
      for (let count = 0; count < 250; count += 1) pool.add("crowd", `crowd ${network}`);
    }
    expect(pool.cut).toEqual(Array.from({ length: 20 }, () => "crowd"));
  });

  it("cuts the oldest of the network that holds most", () => {
    const pool = poolOf({ max: 4, perNetworkMax: 10 });
    pool.add("alone", "a");
    for (const name of ["first", "second", "third"]) pool.add(name, "b");
    pool.add("new", "c");
    pool.add("newer", "d");
    expect(pool.cut).toEqual(["first", "second"]);
  });

  it("counts the one that comes with its network", () => {
    const pool = poolOf({ max: 2, perNetworkMax: 10 });
    pool.add("alone", "a");
    pool.add("first", "b");
    pool.add("second", "b");
    expect(pool.cut).toEqual(["first"]);
  });

  it("cuts the oldest of all where each holds as many", () => {
    const pool = poolOf({ max: 2, perNetworkMax: 10 });
    pool.add("first", "a");
    pool.add("second", "b");
    pool.add("third", "c");
    expect(pool.cut).toEqual(["first"]);
  });

  it("has room again for each that leaves", () => {
    const pool = poolOf({ max: 2, perNetworkMax: 10 });
    pool.add("first", "a").leave();
    pool.add("second", "b");
    pool.add("third", "c");
    expect(pool.cut).toEqual([]);
  });
});

describe("a network", () => {
  it("that holds what it may makes room for its own, however much is free", () => {
    const pool = poolOf({ max: 100, perNetworkMax: 2 });
    pool.add("other", "a");
    for (const name of ["first", "second", "third"]) pool.add(name, "b");
    expect(pool.cut).toEqual(["first"]);
  });
});
