// The isochrones of all origins. Each profile's are read when they are looked at first: a
// study with many houses has more of them than anybody looks at.
import { inflate, readShapes, type PackedShapes, type Shapes } from "./codec";

type Header = Omit<PackedShapes, "data">;

export class Reach {
  constructor(
    private readonly steps: number,
    private readonly packs: ({ header: Header; bytes: Uint8Array } | Shapes)[],
  ) {}

  static async unpack(packs: PackedShapes[], steps: number): Promise<Reach> {
    return new Reach(steps, await Promise.all(
      packs.map(async ({ data, ...header }) => ({ header, bytes: await inflate(data) })),
    ));
  }

  /** All shapes of a variant: by origin, then by threshold. */
  shapes(variant: number): Shapes {
    let pack = this.packs[variant]!;
    if ("bytes" in pack) this.packs[variant] = pack = readShapes(pack.header, pack.bytes);
    return pack;
  }

  /** What an origin reaches: the index of the shape by the position of its threshold. */
  of(variant: number, origin: number): Map<number, number> {
    const found = new Map<number, number>();
    if (origin < 0) return found;
    const { partsFrom } = this.shapes(variant);
    for (let step = 0; step < this.steps; step++) {
      const shape = origin * this.steps + step;
      // Nothing reached, or nothing computed: a shape without parts.
      if (partsFrom[shape + 1]! > partsFrom[shape]!) found.set(step, shape);
    }
    return found;
  }
}
