import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type Class, type JsonSchema, Schemas } from '../common/schemas.js';
import type { Dialect } from '../dialects/dialect.js';
import { descriptionOf, EXTENSION } from '../dialects/frame.js';
import { channels } from '../dialects/channels/channels.presenter.js';
import { dashboard } from '../dialects/dashboard/dashboard.presenter.js';
import { flat } from '../dialects/flat/flat.presenter.js';
import { pets } from '../dialects/pets/pets.presenter.js';
import { socketio } from '../dialects/socketio/socketio.presenter.js';
import { tribe } from '../dialects/tribe/tribe.presenter.js';

/** The published dialects, and those of the servers that this process has started. */
const dialects = new Map<string, Dialect>();

/** What the server has sent, in this process, that its documents do not allow. */
const problems: string[] = [];

/** Has the frames of these dialects compared with their schemas. */
export function publish(some: readonly Dialect[]): void {
  for (const dialect of some) dialects.set(dialect.name, dialect);
}

publish([channels, dashboard, flat, pets, socketio, tribe]);

/** @returns what the server has sent since the last call that its documents do not allow */
export function takeProblems(): string[] {
  return problems.splice(0);
}

/**
 * For the end of each test, whatever it was about.
 *
 * @throws when the server has sent a frame, or answered a request, as its documents (`/docs/async`, `/docs`) do not allow
 */
export function assertPublished(): void {
  const [problem] = takeProblems();
  if (problem) throw new Error(problem);
}

/** Checks a frame that a client got against the schemas of its dialect, for the extensions that it asked for. */
export function checkFrame(name: string, extensions: string, frame: unknown, event?: string): void {
  const dialect = dialects.get(name);
  if (!dialect) return; // of a server elsewhere, whose schemas this process does not have
  const problem = FrameSchemas.of(dialect, extensions).problemOf(frame, event);
  if (problem) problems.push(problem);
}

/** What the documents say of a dialect's frames, to those who asked for a set of extensions. */
export class FrameSchemas {
  private static readonly made = new Map<string, FrameSchemas>();
  private readonly validators = new Map<string, ValidateFunction>();

  private constructor(
    private readonly dialect: Dialect,
    extensions: readonly string[],
  ) {
    const schemas = new Schemas((type: Class) => type.name, true);
    const shown = Object.entries(dialect.frames.out).filter(([, type]) => {
      const { extension } = descriptionOf(type);
      return !extension || extensions.includes(extension);
    });
    const references = shown.map(([name, type]) => [name, schemas.refer(type)] as const);
    const ajv = withFormats(new Ajv({ allErrors: true, allowUnionTypes: true, keywords: ['components', EXTENSION] }));
    ajv.addSchema({ $id: 'frames', components: { schemas: without(schemas.all, extensions) } });
    for (const [name, { $ref }] of references) this.validators.set(name, ajv.compile({ $ref: `frames${$ref}` }));
  }

  static of(dialect: Dialect, extensions: string): FrameSchemas {
    const key = `${dialect.name} ${extensions}`;
    const schemas = this.made.get(key) ?? new FrameSchemas(dialect, extensions.split(','));
    this.made.set(key, schemas);
    return schemas;
  }

  /** Why the documents do not allow a frame, if they do not. `name`: where the wire says it apart from the frame. */
  problemOf(frame: unknown, name?: string): string | undefined {
    const candidates = [...this.validators].filter(([candidate]) => name === undefined || candidate === name);
    if (candidates.some(([, validate]) => validate(frame))) return undefined;
    const complaints = candidates
      .map(([candidate, { errors }]) => ({ candidate, errors: errors ?? [] }))
      .toSorted((one, other) => one.errors.length - other.errors.length);
    const [nearest] = complaints;
    const why = nearest ? `not ${nearest.candidate}: ${tell(nearest.errors)}` : 'there is none of that name';
    return `${this.dialect.name} sent what it does not publish, ${name ?? ''}${JSON.stringify(frame)}\n${why}`;
  }
}

/** What the document says of REST's answers; of what is in an object it says all. */
export class AnswerSchemas {
  private readonly ajv = withFormats(new Ajv2020({ strict: false }));

  constructor(private readonly document: OpenAPIObject) {
    const { schemas = {} } = document.components ?? {};
    const exact = Object.entries(schemas).map(([name, schema]) => [name, { ...schema, additionalProperties: false }]);
    this.ajv.addSchema({ ...document, $id: 'rest', components: { schemas: Object.fromEntries(exact) as object } });
  }

  /** Checks an answer. @param route as the framework writes it: `/api/v1/users/:id` */
  check(method: string, route: string, status: number, body: unknown): void {
    const path = route.replace(/:(\w+)/g, '{$1}');
    const verb = method.toLowerCase() as 'get';
    const operation = this.document.paths[path]?.[verb];
    if (!operation) return;
    const key = operation.responses[status] ? status : 'default';
    const place = ['paths', path, verb, 'responses', key, 'content', 'application/json', 'schema']
      .map(escape)
      .join('/');
    const validate = this.ajv.getSchema(`rest#/${place}`);
    if (validate?.(body)) return;
    const why = validate ? this.ajv.errorsText(validate.errors) : 'it says that there is nothing';
    problems.push(`${method} ${route} answered ${status} as is not published: ${why}\n${JSON.stringify(body)}`);
  }
}

/** A part of a JSON pointer (RFC 6901) in an address. */
function escape(part: string | number): string {
  return encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Schemas without what only other extensions allow. */
function without(schemas: Readonly<Record<string, JsonSchema>>, extensions: readonly string[]): object {
  const reduced = Object.entries(schemas).map(([name, schema]) => {
    const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>).filter(
      ([, { [EXTENSION]: extension }]) => extension === undefined || extensions.includes(extension as string),
    );
    return [name, { ...schema, properties: Object.fromEntries(properties) }];
  });
  return Object.fromEntries(reduced) as object;
}

function tell(errors: readonly ErrorObject[]): string {
  return errors
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join(', ');
}

/** Formats as we write them, which is narrower than they are. */
export function withFormats<Checker extends Ajv>(ajv: Checker): Checker {
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat('uri', true);
  return ajv;
}
