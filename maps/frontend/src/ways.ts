// By which ways the chosen profile gets to places: sure ones, or only possible ones.
import { hasWays, widest, type Model, type Place, type Study } from "./model";
import type { View } from "./view";

/** How sure it is that somebody on wheels gets to a place. */
export interface Sureness {
  /** Over confirmed ways as quickly, over confirmed ways but longer, or only possibly. */
  state: "sure" | "longer" | "possible";
  /** Seconds over confirmed ways; null where there are none. */
  seconds: number | null;
}

/** Whether the chosen profile has ways that are only possible. */
export function hasTwo(study: Study, { profile }: View): boolean {
  return hasWays(study) && study.profiles[profile]?.possible != null;
}

/** The table of the times that are listed: with "only sure" that of confirmed ways. */
export function listedVariant(study: Study, view: View): number {
  return view.sure ? study.profiles[view.profile]!.confirmed : widest(study, view.profile);
}

/** null where all ways are sure, and where the place is not reached. */
export function surenessOf({ study, times }: Model, view: View, place: Place): Sureness | null {
  const { confirmed, possible } = study.profiles[view.profile]!;
  if (possible === null) return null;
  const quickest = times.secondsTo(possible, view.origin, place.index);
  const seconds = times.secondsTo(confirmed, view.origin, place.index);
  if (quickest === null && seconds === null) return null;
  if (seconds === null) return { state: "possible", seconds };
  return { state: quickest !== null && quickest < seconds ? "longer" : "sure", seconds };
}
