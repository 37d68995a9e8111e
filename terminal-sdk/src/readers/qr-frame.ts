// Finds and reads a QR code in one picture: straight, tilted, blurred, dark or inverted.

import {
  type Binarizer,
  BinaryBitmap,
  DecodeHintType,
  GlobalHistogramBinarizer,
  HybridBinarizer,
  type LuminanceSource,
  QRCodeReader,
  RGBLuminanceSource,
} from "@zxing/library";
import { halfView, type LuminanceFrame, tiltedView } from "./qr-views.js";

/** The largest picture looked at: 12 megapixels, what a camera may give. A larger one is a fault of its source. */
const FRAME_PIXELS_MAX = 12_000_000;

const HINTS = new Map<DecodeHintType, unknown>([[DecodeHintType.TRY_HARDER, true]]);

/** How a picture is looked at, the cheapest first; the first that shows a code ends the search. */
const VIEWS: readonly ((frame: LuminanceFrame) => LuminanceFrame)[] = [
  (frame) => frame,
  halfView,
  tiltedView,
];

/** Local contrast first, which copes with shadows; then one threshold for the whole, which copes with blur. */
const BINARIZERS: readonly ((source: LuminanceSource) => Binarizer)[] = [
  (source) => new HybridBinarizer(source),
  (source) => new GlobalHistogramBinarizer(source),
];

/**
 * The text of the QR code in a picture, or null where none can be read. Other symbologies are not looked for.
 *
 * @throws RangeError when the picture has not width × height bytes or is above {@link FRAME_PIXELS_MAX}: a fault
 * of its source.
 */
export function decodeQrFrame(frame: LuminanceFrame): string | null {
  const { width, height, luminance } = frame;
  const pixels = width * height;
  if (luminance.length !== pixels || pixels > FRAME_PIXELS_MAX) {
    throw new RangeError(
      `frame: ${luminance.length} bytes for ${width} × ${height} pixels, at most ${FRAME_PIXELS_MAX}`,
    );
  }
  for (const view of VIEWS) {
    const text = decodeView(view(frame));
    if (text !== null) return text;
  }
  return null;
}

function decodeView({ width, height, luminance }: LuminanceFrame): string | null {
  const source = new RGBLuminanceSource(Uint8ClampedArray.from(luminance), width, height);
  for (const sight of [source, source.invert()]) {
    for (const binarize of BINARIZERS) {
      const text = decode(binarize(sight));
      if (text !== null) return text;
    }
  }
  return null;
}

function decode(binarizer: Binarizer): string | null {
  try {
    return new QRCodeReader().decode(new BinaryBitmap(binarizer), HINTS).getText();
  } catch {
    // The library throws for every picture without a code, and of many classes: what it cannot read is no code.
    return null;
  }
}
