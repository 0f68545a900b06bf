// Fetches the data of a served page, all at once, and tells how much of them is there.

export interface Part {
  id: string;
  address: string;
  /** Not compressed. */
  bytes: number;
}

/** The service has newer data than those that the page asks for. */
export class Outdated extends Error {}

/** A server that has sent nothing for so long will not send the rest. */
const STALLED_MS = 30_000;
/** The service keeps only the data of its newest state. */
const GONE = new Set([404, 410]);

export class Fetching {
  private readonly texts = new Map<string, string>();
  private readonly loaded = new Map<string, number>();
  private readonly bytes: number;

  constructor(
    private readonly parts: readonly Part[],
    private readonly get: typeof fetch,
    private readonly told: (share: number) => void,
  ) {
    this.bytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** All texts by their ids. Called again after a failure, it fetches only what is missing. */
  async run(): Promise<ReadonlyMap<string, string>> {
    const stop = new AbortController();
    try {
      const missing = this.parts.filter(({ id }) => !this.texts.has(id));
      await Promise.all(missing.map((part) => this.one(part, stop)));
    } catch (error) {
      stop.abort();
      throw error;
    }
    return this.texts;
  }

  private async one(part: Part, stop: AbortController): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), STALLED_MS);
    };
    try {
      alive();
      this.tell(part, 0);
      const response = await this.get(part.address, { signal: stop.signal });
      if (GONE.has(response.status)) throw new Outdated(part.address);
      if (!response.ok || !response.body) throw new Error(`${response.status} ${part.address}`);
      this.texts.set(part.id, await this.read(part, response.body, alive));
    } finally {
      clearTimeout(timer);
    }
  }

  private async read(part: Part, body: ReadableStream<Uint8Array>, alive: () => void): Promise<string> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let text = "", count = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      alive();
      text += decoder.decode(value, { stream: true });
      count += value.byteLength;
      this.tell(part, count);
    }
    // A connection that broke off would otherwise be noticed as nonsense much later.
    if (count !== part.bytes) throw new Error(`${count} of ${part.bytes} bytes of ${part.address}`);
    return text + decoder.decode();
  }

  private tell({ id }: Part, count: number): void {
    this.loaded.set(id, count);
    const sum = [...this.loaded.values()].reduce((a, b) => a + b, 0);
    this.told(this.bytes ? Math.min(1, sum / this.bytes) : 1);
  }
}
