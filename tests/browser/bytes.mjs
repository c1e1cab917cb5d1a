// What a PNG needs: compressed bytes and their check sum.
import { deflateSync } from "node:zlib";

export { deflateSync };

/** CRC-32 as of ISO 3309, bit by bit: the pictures here are small. */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
