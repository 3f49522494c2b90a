/** Tries at most so often, as an input may be slow. */
const maxTries = 2000;

/** A small input that still is one: pieces are cut out, large ones first, as long as `isOne` says so. */
export const shrink = async (input: Buffer, isOne: (input: Buffer) => Promise<boolean>): Promise<Buffer> => {
  let smallest = input;
  let tries = 0;
  for (let size = input.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= smallest.length && tries < maxTries; tries++) {
      const less = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (await isOne(less)) smallest = less;
      else at += size;
    }
  }
  return smallest;
};
