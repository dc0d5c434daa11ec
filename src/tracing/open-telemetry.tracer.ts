import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TimeInput,
  trace,
  type Tracer as Spans,
} from '@opentelemetry/api';
import { toDomainError } from '../common/errors.js';
import type { ConversationRef, MessageState } from '../realtime/events.js';
import { type Arrival, type End, Tracer, type Wait } from '../realtime/tracer.js';

const ARRIVAL = createContextKey('parlance: what a client has sent');

/** A message that waits: in whose trace, and since when. */
interface Waiting {
  readonly parent: Context;
  readonly since: number;
}

/** The spans of messages' lives. A message is followed where the sampler says so; what is not costs no further span. */
export class OpenTelemetryTracer extends Tracer {
  constructor(private readonly spans: Spans) {
    super();
  }

  arrive<T>(arrival: Arrival, work: () => T): T {
    return context.with(ROOT_CONTEXT.setValue(ARRIVAL, arrival), work);
  }

  async send<Sent extends { conversation: ConversationRef; message: MessageState }>(
    work: () => Promise<Sent>,
  ): Promise<Sent> {
    const { name, attributes, at, headers } = arrivalIn(context.active());
    const caller = propagation.extract(ROOT_CONTEXT, headers ?? {}, defaultTextMapGetter);
    const life = this.spans.startSpan(name, { kind: SpanKind.SERVER, startTime: at, attributes }, caller);
    if (!life.isRecording()) return work();
    const within = trace.setSpan(context.active(), life);
    this.span('validate', within, at, performance.now());
    try {
      const sent = await context.with(within, work);
      life.setAttributes(attributesOf(sent));
      return sent;
    } catch (error) {
      fail(life, error);
      throw error;
    } finally {
      life.end(performance.now()); // by the clock of its start, which is finer than the one that is looked at otherwise
    }
  }

  wait(): Waiting | undefined {
    const parent = context.active();
    return trace.getSpan(parent)?.isRecording() ? { parent, since: performance.now() } : undefined;
  }

  /** One span for each member, in its own life; the first is the group's, and linked with the others both ways. */
  commit(waits: readonly (Wait | undefined)[]): End {
    const followed = waits.filter((wait): wait is Waiting => wait !== undefined);
    if (followed.length === 0) return () => {};
    const now = performance.now();
    const attributes = { 'db.system.name': 'postgresql', 'parlance.commit.messages': waits.length };
    const commits: Span[] = [];
    for (const { parent, since } of followed) {
      this.span('wait', parent, since, now);
      const group = commits[0];
      const links = group ? [{ context: group.spanContext() }] : [];
      const commit = this.spans.startSpan(
        'commit',
        { kind: SpanKind.CLIENT, startTime: now, attributes, links },
        parent,
      );
      group?.addLink({ context: commit.spanContext() });
      commits.push(commit);
    }
    return (error) => {
      for (const commit of commits) {
        if (error !== undefined) fail(commit, error);
        commit.end(performance.now());
      }
    };
  }

  get traceparent(): string | undefined {
    const span = trace.getActiveSpan();
    return span?.isRecording() ? toTraceparent(span.spanContext()) : undefined;
  }

  hear(traceparent: string, sentAt: number): string {
    const now = Date.now();
    const span = this.spans.startSpan(
      'hear',
      { kind: SpanKind.CONSUMER, startTime: Math.min(sentAt, now) },
      fromTraceparent(traceparent),
    );
    span.end(now);
    return toTraceparent(span.spanContext());
  }

  fanOut(traceparent: string): void {
    const span = this.spans.startSpan('fan-out', {}, fromTraceparent(traceparent));
    if (!span.isRecording()) return;
    queueMicrotask(() => setImmediate(() => span.end())); // after the outboxes, as in `meters.ts`
  }

  private span(name: string, parent: Context, startTime: TimeInput, endTime: TimeInput): void {
    this.spans.startSpan(name, { startTime }, parent).end(endTime);
  }
}

/** What has brought the message; where nobody has, as when the server itself sends one, its sending is its beginning. */
function arrivalIn(active: Context): Arrival {
  return (active.getValue(ARRIVAL) as Arrival | undefined) ?? { name: 'send', attributes: {}, at: performance.now() };
}

/** By which it is found: the ids, and not a word of what it says. */
function attributesOf({ conversation, message }: { conversation: ConversationRef; message: MessageState }): Attributes {
  return {
    'parlance.conversation.id': conversation.id,
    'parlance.conversation.kind': conversation.kind,
    'parlance.message.id': message.id,
    'parlance.message.seq': message.seq,
  };
}

/** With the code alone: what is said of an error may repeat what a client sent. */
function fail(span: Span, error: unknown): void {
  const { code } = toDomainError(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code }).setAttribute('error.type', code);
}

function toTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function fromTraceparent(traceparent: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
}
