// Checks that a reader gives one presentation for each arm and none besides.

import { describe, expect, it } from "vitest";
import { createPresentationGate } from "./presentation-gate.js";
import type { ReaderEvent } from "./reader.js";

const QR = { kind: "qr", text: "PR1" } as const;

function openGate() {
  const gate = createPresentationGate();
  const events: ReaderEvent[] = [];
  gate.open((event) => events.push(event));
  return { gate, types: () => events.map(({ type }) => type) };
}

describe("the presentation gate", () => {
  it("drops what was read for an earlier arm", () => {
    const { gate, types } = openGate();
    gate.arm();
    const earlier = gate.arming();
    gate.disarm();
    gate.arm();
    gate.present(earlier, QR, 0);
    gate.refuse(earlier, "QR_INVALID", "");
    expect(types()).toEqual([]);
  });

  it("ends the arm with a presentation, and not with a refusal", () => {
    const { gate, types } = openGate();
    gate.arm();
    gate.refuse(gate.arming(), "QR_INVALID", "");
    gate.present(gate.arming(), QR, 0);
    gate.present(gate.arming(), QR, 0);
    expect(types()).toEqual(["refused", "presented"]);
  });

  it("says whether a presentation was given", () => {
    const { gate } = openGate();
    gate.arm();
    const arming = gate.arming();
    expect([gate.present(arming, QR, 0), gate.present(arming, QR, 0)]).toEqual([true, false]);
  });

  it("speaks of a card that was left lying only while one is wanted", () => {
    const { gate, types } = openGate();
    gate.arm();
    const arming = gate.arming();
    gate.cardLeft(arming);
    gate.disarm();
    gate.cardLeft(arming);
    expect(types()).toEqual(["cardLeft"]);
  });

  it("says each state once", () => {
    const { gate, types } = openGate();
    gate.state({ status: "ready" });
    gate.state({ status: "ready" });
    gate.state({ status: "absent", reason: "a" });
    gate.state({ status: "absent", reason: "b" });
    expect(types()).toHaveLength(3);
  });

  it("says nothing after it was closed", () => {
    const { gate, types } = openGate();
    gate.arm();
    gate.close();
    gate.arm();
    gate.present(gate.arming(), QR, 0);
    gate.state({ status: "ready" });
    expect(types()).toEqual([]);
  });
});
