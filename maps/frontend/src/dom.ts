// Makes elements. Text gets into the page here and nowhere else, always as text.

type Child = Node | string | null | undefined | false;
type Listener = (event: Event) => void;

interface Properties {
  class?: string;
  /** Attributes; null and false leave one out. */
  attr?: Record<string, string | number | boolean | null>;
  on?: Record<string, Listener>;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, properties: Properties = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), properties, children);
}

export function svg(
  tag: string, attr: Record<string, string | number> = {}, ...children: Child[]
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return fill(element, { attr }, children);
}

/** Text from outside, kept to its own direction of writing. */
export function outside(text: string, className = ""): HTMLElement {
  return el("bdi", className ? { class: className } : {}, text);
}

/** Text for people who listen instead of look. */
export function spoken(text: string): HTMLElement {
  return el("span", { class: "spoken" }, text);
}

export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter(isNode));
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page lacks #${id}`);
  return element as T;
}

function fill<E extends Element>(element: E, properties: Properties, children: Child[]): E {
  if (properties.class) element.setAttribute("class", properties.class);
  for (const [name, value] of Object.entries(properties.attr ?? {})) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : `${value}`);
  }
  for (const [name, listener] of Object.entries(properties.on ?? {})) {
    element.addEventListener(name, listener);
  }
  element.append(...children.filter(isNode));
  return element;
}

function isNode(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
