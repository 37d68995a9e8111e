// The reader for QR codes before a camera, or in pictures from anywhere else.

import { setImmediate as nextTurn } from "node:timers/promises";
import { createPresentationGate } from "./presentation-gate.js";
import { decodeQrFrame } from "./qr-frame.js";
import type { LuminanceFrame } from "./qr-views.js";
import type { CardReader } from "./reader.js";

export interface ImageQrReaderOptions {
  /**
   * Where pictures come from. One is asked for only while a card is wanted; a camera should hand out its newest
   * picture then, not the oldest of a queue.
   */
  readonly frames: AsyncIterable<LuminanceFrame> | Iterable<LuminanceFrame>;
}

/**
 * A reader of QR codes in grey pictures. A code held before the camera is given once for each arm, not once for
 * each picture. A picture without a code is passed over in silence. When the pictures end or their source fails,
 * the reader is `absent`; a picture of a wrong shape makes it `failed`.
 */
export function imageQrReader(options: ImageQrReaderOptions): CardReader {
  const gate = createPresentationGate();
  const frames = iterate(options.frames);
  let isOver = false;
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    while (!isOver && gate.arming() !== null) {
      const frame = await nextFrame();
      if (frame !== null) examine(frame);
      // Decoding keeps the thread busy: other work of the till gets its turn between two pictures.
      await nextTurn();
    }
    isLooking = false;
  }

  async function nextFrame(): Promise<LuminanceFrame | null> {
    try {
      const { done, value } = await frames.next();
      if (done !== true) return value;
      end("absent", "the source of pictures has ended");
    } catch (error) {
      end("absent", `the source of pictures failed: ${reasonOf(error)}`);
    }
    return null;
  }

  function examine(frame: LuminanceFrame): void {
    const arming = gate.arming();
    if (arming === null) return;
    const startedMs = performance.now();
    try {
      const text = decodeQrFrame(frame);
      if (text !== null) gate.present(arming, { kind: "qr", text }, performance.now() - startedMs);
    } catch (error) {
      end("failed", reasonOf(error));
    }
  }

  function end(status: "absent" | "failed", reason: string): void {
    isOver = true;
    gate.state({ status, reason });
  }

  return {
    name: "image",
    needsPin: true,
    async open(sink) {
      gate.open(sink);
      gate.state({ status: "ready" });
    },
    arm() {
      gate.arm();
      void look();
    },
    disarm: () => gate.disarm(),
    async close() {
      isOver = true;
      gate.close();
      // Not awaited: a source that is waiting for its camera answers only with the next picture.
      void frames.return(undefined).catch(() => undefined);
    },
  };
}

async function* iterate(
  frames: AsyncIterable<LuminanceFrame> | Iterable<LuminanceFrame>,
): AsyncGenerator<LuminanceFrame> {
  yield* frames;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
