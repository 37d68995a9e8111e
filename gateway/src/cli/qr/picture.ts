// The picture of a QR code, as a printer takes it: black squares on white, one grey PNG.

import { BarcodeFormat, EncodeHintType, QRCodeWriter } from "@zxing/library";
import { PNG } from "pngjs";

/** The white that a reader needs round a code (ISO/IEC 18004, 6.3.8). */
const QUIET_MODULES = 4;

/** Level M mends 15 % of a code: a scratched card is still read, and the modules stay large. */
const HINTS = new Map<EncodeHintType, unknown>([
  [EncodeHintType.ERROR_CORRECTION, "M"],
  [EncodeHintType.MARGIN, QUIET_MODULES],
]);

const WHITE = 255;
const GREYSCALE = 0;

/**
 * The PNG of a text: 8-bit grey, quiet zone included. A text of the QR alphanumeric set is stored in that small form.
 *
 * @param modulePixels the side of one module, in pixels.
 */
export function qrPicture(text: string, modulePixels: number): Buffer {
  // Asked for one pixel, the writer gives one pixel a module.
  const modules = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 1, 1, HINTS);
  const width = modules.getWidth() * modulePixels;
  const height = modules.getHeight() * modulePixels;
  const grey = Buffer.alloc(width * height, WHITE);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isBlack = modules.get(Math.floor(x / modulePixels), Math.floor(y / modulePixels));
      if (isBlack) grey[y * width + x] = 0;
    }
  }
  const png = new PNG({ width, height });
  png.data = grey;
  return PNG.sync.write(png, { colorType: GREYSCALE, inputColorType: GREYSCALE });
}
