import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Missing, or empty, at a root. */
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number };
}

interface Post {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: ReceivedSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

/** Milliseconds after which a span that a test waits for is said not to come. */
const PATIENCE = 15_000;

/** A collector of traces, which takes OTLP by HTTP as any other does, and keeps what it is sent. */
export class Collector {
  /** What was posted, word by word. */
  readonly texts: string[] = [];
  readonly spans: ReceivedSpan[] = [];
  /** What the sender says of itself, by the id of each of its spans. */
  readonly resources = new Map<string, Readonly<Record<string, unknown>>>();
  private wake: () => void = () => {};

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.url === '/v1/traces') collector.take(Buffer.concat(chunks).toString());
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  /** As in `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans, when there are some that are enough. */
  async until(areEnough: (spans: readonly ReceivedSpan[]) => boolean): Promise<readonly ReceivedSpan[]> {
    const giveUpAt = Date.now() + PATIENCE;
    while (!areEnough(this.spans)) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        const names = this.spans.map(({ name }) => name).join(', ');
        timer = setTimeout(() => reject(new Error(`only these came: ${names}`)), giveUpAt - Date.now());
      }).finally(() => clearTimeout(timer));
    }
    return this.spans;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(text: string): void {
    this.texts.push(text);
    for (const { resource, scopeSpans } of (JSON.parse(text) as Post).resourceSpans) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push(span);
        this.resources.set(span.spanId, valuesIn(resource.attributes));
      }
    }
    this.wake();
  }
}

/** Attributes by their keys. */
export function valuesIn(attributes: ReceivedSpan['attributes']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** The life of a message: each of its spans under the path of the names from its root. */
export function treeOf(spans: readonly ReceivedSpan[], root: ReceivedSpan): Map<string, ReceivedSpan> {
  const tree = new Map<string, ReceivedSpan>();
  const add = (span: ReceivedSpan, path: string): void => {
    tree.set(path, span);
    for (const child of spans) {
      if (child.traceId === span.traceId && child.parentSpanId === span.spanId) add(child, `${path} > ${child.name}`);
    }
  };
  add(root, root.name);
  return tree;
}
