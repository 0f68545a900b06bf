// Common ground: what residents of the chosen site and enough neighbours both reach in time.
// Dots within a line of two strands, so that it is told apart from isochrones without colour.
import type { Shapes } from "./codec";
import { svg } from "./dom";
import { touches, traceAll } from "./draw";
import { dots } from "./hatch";
import type { Model, Style } from "./model";
import type { Frame } from "./tiles";
import type { View } from "./view";
import { hasTwo } from "./ways";

export interface CommonGround {
  shapes: Shapes;
  shape: number;
  minutes: number;
}

/** The threshold that is shown: the chosen one, without a choice the longest. */
function minutesOf({ study }: Model, { within }: View): number {
  const shorter = study.minutes.filter((minutes) => within === null || minutes <= within);
  return shorter.at(-1) ?? study.minutes[0]!;
}

/** The area for the chosen origin, profile and time; null where there is none. */
export function commonGround(model: Model, view: View): CommonGround | null {
  const { neighbourhood, study } = model;
  const owner = neighbourhood?.owner[view.origin] ?? -1;
  if (!neighbourhood || owner < 0) return null;
  const minutes = minutesOf(model, view);
  const { common } = neighbourhood;
  const shape = common.of(view.profile, owner).get(study.minutes.indexOf(minutes));
  return shape === undefined ? null : { shapes: common.shapes(view.profile), shape, minutes };
}

/** What the area is, or that there is none. */
export function commonWords(model: Model, view: View): { text: string; found: boolean } {
  const { neighbourhood, study } = model;
  const owner = neighbourhood?.owner[view.origin] ?? -1;
  if (!neighbourhood || owner < 0) {
    return { text: "Für diesen Ausgangspunkt ist kein gemeinsamer Raum gerechnet: Hier ist kein Haus angegeben.", found: false };
  }
  const minutes = minutesOf(model, view);
  const time = minutes === 1 ? "einer Minute" : `${minutes}\u00a0Minuten`;
  if (!commonGround(model, view)) {
    return { text: `Hier gibt es in ${time} keinen gemeinsamen Raum.`, found: false };
  }
  const least = `${neighbourhood.least[owner]!}`.replace(/\B(?=(\d{3})+$)/g, ".");
  const about = neighbourhood.estimated ? " (geschätzt)" : "";
  const data = hasTwo(study, view) ? " nach Datenlage" : "";
  return {
    text: `in ${time}${data} erreichbar für Menschen von hier und für mindestens ${least} Menschen aus der Nachbarschaft${about}`,
    found: true,
  };
}

export function paintCommon(
  context: CanvasRenderingContext2D, frame: Frame, model: Model, view: View,
): void {
  const common = commonGround(model, view);
  const style = model.study.style.common_ground;
  if (!common || !touches(common.shapes, common.shape, frame, style.width)) return;
  traceAll(context, common.shapes, [common.shape], frame);
  context.save();
  context.clip("evenodd");
  dots(context, frame, style.dot_step, style.dot_radius);
  context.fillStyle = style.colour;
  context.fill();
  context.restore();
  traceAll(context, common.shapes, [common.shape], frame);
  context.setLineDash([]);
  context.strokeStyle = style.colour;
  context.lineWidth = style.width;
  context.stroke();
  context.strokeStyle = model.study.style.base["halo"]!;
  context.lineWidth = style.inner;
  context.stroke();
}

export function commonSample({ common_ground: style, base }: Style): SVGElement {
  const { colour, dot_step: step, dot_radius: radius } = style;
  const spots: SVGElement[] = [];
  for (let row = 0; row < 3; row++) {
    for (let x = 6 + (row % 2 ? step / 2 : 0); x < 40; x += step) {
      spots.push(svg("circle", { cx: x, cy: 6 + 5 * row, r: radius, fill: colour }));
    }
  }
  const line = (stroke: string, width: number): SVGElement => svg("rect", {
    x: 2.5, y: 2.5, width: 39, height: 17, rx: 3, fill: "none", stroke, "stroke-width": width,
  });
  return svg(
    "svg", { viewBox: "0 0 44 22", width: 44, height: 22, "aria-hidden": "true" },
    ...spots, line(colour, style.width), line(base["halo"]!, style.inner),
  );
}
