// Which places on the map are taken already, so that names do not run into each other.

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const CELL = 96;

export class Boxes {
  private readonly cells = new Map<number, Box[]>();

  add(box: Box): void {
    this.each(box, (cell, key) => {
      if (cell) cell.push(box);
      else this.cells.set(key, [box]);
      return false;
    });
  }

  isFree(box: Box): boolean {
    return !this.each(box, (cell) => (cell ?? []).some((other) => meet(other, box)));
  }

  /** Takes all boxes, or none of them if one is taken. */
  take(boxes: readonly Box[]): boolean {
    if (!boxes.every((box) => this.isFree(box))) return false;
    for (const box of boxes) this.add(box);
    return true;
  }

  private each(box: Box, visit: (cell: Box[] | undefined, key: number) => boolean): boolean {
    for (let column = Math.floor(box.left / CELL); column <= Math.floor(box.right / CELL); column++) {
      for (let row = Math.floor(box.top / CELL); row <= Math.floor(box.bottom / CELL); row++) {
        const key = column * 4194304 + row;
        if (visit(this.cells.get(key), key)) return true;
      }
    }
    return false;
  }
}

export function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function around(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/** The smallest box around some boxes. */
export function union(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}
