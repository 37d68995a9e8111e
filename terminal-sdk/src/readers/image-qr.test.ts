// Checks when pictures are asked for and what their codes become.

import { BarcodeFormat, QRCodeWriter } from "@zxing/library";
import { describe, expect, it } from "vitest";
import { imageQrReader } from "./image-qr.js";
import { decodeQrFrame } from "./qr-frame.js";
import type { LuminanceFrame } from "./qr-views.js";
import type { ReaderEvent } from "./reader.js";

const MODULE_PIXELS = 4;

function code(text: string): LuminanceFrame {
  const modules = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 1, 1, new Map());
  const width = modules.getWidth() * MODULE_PIXELS;
  const at = (pixel: number) => Math.floor(pixel / MODULE_PIXELS);
  const luminance = Uint8Array.from({ length: width * width }, (_, index) =>
    modules.get(at(index % width), at(Math.floor(index / width))) ? 0 : 255,
  );
  return { width, height: width, luminance };
}

const BLANK: LuminanceFrame = { width: 64, height: 64, luminance: new Uint8Array(64 * 64) };

/** A camera that shows these pictures, the last one for good, and tells how many were asked for. */
function camera(...pictures: LuminanceFrame[]) {
  let asked = 0;
  let onAsked: (count: number) => void = () => undefined;
  async function* frames() {
    for (;;) {
      const picture = pictures[Math.min(asked, pictures.length - 1)];
      if (picture === undefined) return;
      asked += 1;
      onAsked(asked);
      yield picture;
    }
  }
  return {
    frames: frames(),
    asked: () => asked,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        onAsked = (now) => {
          if (now >= count) resolve();
        };
      }),
  };
}

async function openImage(frames: AsyncIterable<LuminanceFrame> | Iterable<LuminanceFrame>) {
  const reader = imageQrReader({ frames });
  const events: ReaderEvent[] = [];
  let wake: () => void = () => undefined;
  await reader.open((event) => {
    events.push(event);
    wake();
  });
  const nextEvent = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const texts = () =>
    events.flatMap((event) =>
      event.type === "presented" && event.presented.kind === "qr" ? [event.presented.text] : [],
    );
  return { reader, events, texts, nextEvent };
}

describe("imageQrReader", () => {
  it("gives a code held before the camera once for each arm", async () => {
    const held = camera(BLANK, code("FIRST"));
    const { reader, texts, nextEvent } = await openImage(held.frames);
    for (const expected of [["FIRST"], ["FIRST", "FIRST"]]) {
      const next = nextEvent();
      reader.arm();
      await next;
      expect(texts()).toEqual(expected);
    }
    await reader.close();
  });

  it("asks for no picture while no card is wanted", async () => {
    const held = camera(code("FIRST"));
    const { reader } = await openImage(held.frames);
    expect(held.asked()).toBe(0);
    await reader.close();
  });

  it("drops the code in a picture that comes after disarm", async () => {
    const held = camera(BLANK, BLANK, BLANK, code("FIRST"));
    const { reader, texts } = await openImage(held.frames);
    const third = held.until(3);
    reader.arm();
    await third;
    reader.disarm();
    expect(texts()).toEqual([]);
    await reader.close();
  });

  it("says that the pictures have ended", async () => {
    const { reader, events, nextEvent } = await openImage([BLANK]);
    const next = nextEvent();
    reader.arm();
    await next;
    expect(events.at(-1)).toMatchObject({ state: { status: "absent" } });
  });

  it("says why the source of pictures failed", async () => {
    async function* broken(): AsyncGenerator<LuminanceFrame> {
      yield BLANK;
      throw new Error("camera unplugged");
    }
    const { reader, events, nextEvent } = await openImage(broken());
    const next = nextEvent();
    reader.arm();
    await next;
    expect(JSON.stringify(events.at(-1))).toContain("camera unplugged");
  });

  it("fails on a picture of a wrong shape, which is a fault of its source", async () => {
    const { reader, events, nextEvent } = await openImage([{ ...BLANK, width: 65 }]);
    const next = nextEvent();
    reader.arm();
    await next;
    expect(events.at(-1)).toMatchObject({ state: { status: "failed" } });
  });

  it("can be closed while its camera shows nothing", async () => {
    const stuck: AsyncIterable<LuminanceFrame> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const { reader } = await openImage(stuck);
    reader.arm();
    await expect(reader.close()).resolves.toBeUndefined();
  });
});

describe("decodeQrFrame", () => {
  it("gives null for a picture without a code", () => {
    expect(decodeQrFrame(BLANK)).toBeNull();
  });

  it("gives null for a picture of no size", () => {
    expect(decodeQrFrame({ width: 0, height: 0, luminance: new Uint8Array(0) })).toBeNull();
  });

  it("does not change the picture", () => {
    const picture = code("FIRST");
    const before = Uint8Array.from(picture.luminance);
    decodeQrFrame(picture);
    expect(picture.luminance).toEqual(before);
  });
});
