// Signs for how sure a way is: told apart by shape and filling, not by colour alone.
import { svg } from "./dom";
import type { Sureness } from "./ways";

/** A filled disc with a tick; a half-filled one; a dashed ring with a question mark. */
export function surenessSign(state: Sureness["state"], size = 18): SVGElement {
  const attributes = {
    viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true", class: `sure-sign ${state}`,
  };
  if (state === "possible") {
    return svg(
      "svg", attributes,
      svg("circle", { cx: 10, cy: 10, r: 8.6, fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-dasharray": "3.4 2" }),
      svg("path", { d: "M7.3 7.8a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.2.9-1.2 1.8v.3", fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round" }),
      svg("circle", { cx: 10, cy: 15, r: 1.25, fill: "currentColor" }),
    );
  }
  const tick = svg("path", { d: "M5.8 10.4l2.9 2.9 5.6-6.2", fill: "none", stroke: state === "sure" ? "#fff" : "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" });
  return svg(
    "svg", attributes,
    state === "sure"
      ? svg("circle", { cx: 10, cy: 10, r: 9.5, fill: "currentColor" })
      : svg("circle", { cx: 10, cy: 10, r: 8.6, fill: "none", stroke: "currentColor", "stroke-width": 1.8 }),
    tick,
  );
}
