// Checks what a PC/SC device makes of the events and faults of the native binding.

import { EventEmitter } from "node:events";
import { fromHex } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import type { BindingReader, NfcReader } from "./pcsc-binding.js";
import { createPcscDevice, isSecurityModuleSlot } from "./pcsc-device.js";

const PRESENT = 0x20;

/** A native reader that does nothing by itself. */
class FakeBinding extends EventEmitter implements BindingReader {
  readonly SCARD_STATE_PRESENT = PRESENT;
  readonly SCARD_SHARE_SHARED = 2;
  readonly SCARD_LEAVE_CARD = 0;
  connected = false;
  connectError: Error | null = null;
  disconnects = 0;

  connect(_: unknown, done: (error: Error | null, protocol?: number) => void): void {
    this.connected = true;
    done(this.connectError, 2);
  }
  transmit(_a: Buffer, _b: number, _c: number, done: (e: null, answer: Buffer) => void): void {
    done(null, Buffer.from("6A82", "hex"));
  }
  disconnect(_: number, done: (error: Error) => void): void {
    this.disconnects += 1;
    done(new Error("the card was removed"));
  }
}

class FakeReader extends EventEmitter implements NfcReader {
  readonly name = "Fake 00 00";
  readonly reader = new FakeBinding();
  autoProcessing = true;
  close(): void {}
}

function device() {
  const reader = new FakeReader();
  const heard: string[] = [];
  const watched = createPcscDevice(reader, {
    cardArrived: () => heard.push("card"),
    gone: (reason) => heard.push(reason),
    failed: (reason) => heard.push(reason),
  });
  const status = async (state: number, atr?: string) => {
    reader.reader.emit("status", atr === undefined ? { state } : { state, atr: fromHex(atr) });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { reader, watched, heard, status };
}

describe("a PC/SC device", () => {
  it("tells two cards apart that were swapped between two looks", async () => {
    const { heard, status } = device();
    await status(0x0001_0000 | PRESENT);
    await status(0x0001_0000 | PRESENT | 0x100);
    await status(0x0003_0000 | PRESENT);
    expect(heard).toEqual(["card", "card"]);
  });

  it("hears an error, which unheard would end the process", async () => {
    const { reader, heard, status } = device();
    reader.emit("error", new Error("service stopped"));
    await status(0);
    expect(heard).toEqual(["service stopped"]);
  });

  it("names a card that cannot be connected to as unreadable", async () => {
    const { reader, watched, status } = device();
    await status(0x0001_0000 | PRESENT);
    reader.reader.connectError = new Error("card is unpowered");
    const { reading } = watched.read({});
    expect(await reading).toMatchObject({ code: "CARD_UNREADABLE" });
  });

  it.each([
    [
      "3b8f8001804f0ca000000306030001000000006a",
      "a memory card, ISO14443-A part 3, name 0001 (MIFARE 1K)",
    ],
    ["3b80800101", "ISO14443-4 without historical bytes"],
    ["3b80800102", "ISO14443-4 without historical bytes, with a wrong check byte"],
  ])("says what a refused card is by its answer to reset %s", async (atr, card) => {
    const { watched, status } = device();
    await status(0x0001_0000 | PRESENT, atr);
    expect(await watched.read({}).reading).toEqual({
      ok: false,
      code: "NOT_A_PASS_CARD",
      detail: `select application: status 6A82, no such application or file (on the reader: ${card})`,
    });
  });

  it("connects anew after a disconnect that failed", async () => {
    const { reader, watched, status } = device();
    await status(0x0001_0000 | PRESENT);
    await watched.read({}).settled;
    expect(reader.reader.disconnects).toBe(1);
    expect(reader.reader.connected).toBe(false);
  });
});

describe("isSecurityModuleSlot", () => {
  it.each([
    { name: "ACS ACR1252 1S CL Reader SAM 0", isSlot: true },
    { name: "ACS ACR1252 1S CL Reader [ACR1252 Dual Reader SAM] 01 00", isSlot: true },
    { name: "ACS ACR1252 1S CL Reader(2) 01", isSlot: true },
    { name: "ACS ACR1252 1S CL Reader 00 01", isSlot: true },
    { name: "ACS ACR1252 1S CL Reader PICC 0", isSlot: false },
    { name: "ACS ACR1252 1S CL Reader(1) 01", isSlot: false },
    { name: "ACS ACR1252 1S CL Reader 00 00", isSlot: false },
    { name: "ACS ACR122U PICC Interface 00 01", isSlot: false },
    { name: "Virtual PCD 00 01", isSlot: false },
  ])("$name: $isSlot", ({ name, isSlot }) => {
    expect(isSecurityModuleSlot(name)).toBe(isSlot);
  });
});
