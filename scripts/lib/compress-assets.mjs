import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Smaller files fit into the packets that carry the headers anyway. */
const smallestBytes = 1024;

const codings = {
  ".br": (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  ".gz": (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

/** Writes a brotli and a gzip form beside each of the files that gains by it. What is sent compressed is so from here on. */
export async function compressAssets(folder, names) {
  const texts = names.filter((name) => /\.(js|css|svg)$/.test(name));
  await Promise.all(
    texts.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      if (bytes.length < smallestBytes) return;
      for (const [suffix, compress] of Object.entries(codings)) {
        const compressed = await compress(bytes);
        if (compressed.length < bytes.length) await writeFile(join(folder, name + suffix), compressed);
      }
    }),
  );
}
