// The data of the page by the ids that the calls name them by: fetched by a page of the service,
// else in script elements of the file.

let fetched: ReadonlyMap<string, string> = new Map();

/** Notes what was fetched. */
export function hold(texts: ReadonlyMap<string, string>): void {
  fetched = texts;
}

export function textOf(id: string): string {
  const text = fetched.get(id) ?? document.getElementById(id)?.textContent;
  if (!text) throw new Error(`the page lacks the data #${id}`);
  return text;
}

export function json<T>(id: string): T {
  return JSON.parse(textOf(id)) as T;
}
