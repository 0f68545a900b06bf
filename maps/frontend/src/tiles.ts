// A Leaflet layer of canvas tiles that paint themselves. All drawing on the map is done here,
// so that moving the map moves finished pictures and only new ground is drawn.
import * as L from "leaflet";

/**
 * The part of the world a tile shows, in pixels of its zoom level. Painters subtract left and
 * top themselves, in double precision: canvases calculate in single precision, which is too
 * coarse for pixels counted from the edge of the world.
 */
export interface Frame {
  left: number;
  top: number;
  right: number;
  bottom: number;
  zoom: number;
  /** Device pixels per pixel. */
  ratio: number;
}

export type Painter = (context: CanvasRenderingContext2D, frame: Frame) => void;

const SIZE = 512;

interface Tile {
  coords: L.Coords;
  el: HTMLCanvasElement;
}

export class CanvasTiles extends L.GridLayer {
  /** Pixels are drawn finer than the screen has them while the page is printed. */
  fineness = 1;

  constructor(private readonly painter: Painter, pane: string) {
    super({ tileSize: SIZE, pane, keepBuffer: 1, updateWhenIdle: false, updateInterval: 60 });
  }

  override createTile(coords: L.Coords): HTMLElement {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    this.paint(canvas, coords);
    return canvas;
  }

  /** Paints all tiles again, in place: nothing flickers. */
  repaint(): void {
    const tiles = (this as unknown as { _tiles: Record<string, Tile> })._tiles ?? {};
    for (const { el, coords } of Object.values(tiles)) this.paint(el, coords);
  }

  private paint(canvas: HTMLCanvasElement, coords: L.Coords): void {
    const ratio = Math.min(window.devicePixelRatio || 1, 2) * this.fineness;
    canvas.width = canvas.height = SIZE * ratio;
    const context = canvas.getContext("2d");
    if (!context) return;
    const left = coords.x * SIZE;
    const top = coords.y * SIZE;
    context.scale(ratio, ratio);
    this.painter(context, {
      left, top, right: left + SIZE, bottom: top + SIZE, zoom: coords.z, ratio,
    });
  }
}
