import { type Class, type JsonSchema, propertiesOf, Schemas } from '../common/schemas.js';
import type { Dialect } from '../dialects/dialect.js';
import { descriptionOf, EXTENSION } from '../dialects/frame.js';
import type { About } from '../common/about.js';

interface Reference {
  readonly $ref: string;
}

/** Of the server: it receives what clients send. */
type Action = 'receive' | 'send';

/** What AsyncAPI 3 calls a document; of what is in it, we say no more than we write. */
export type AsyncApi = Readonly<Record<string, unknown>>;

/** What an address may carry in every dialect (contract §1.1). */
const EXT = {
  type: 'string',
  description: 'The extensions asked for, between commas.',
  examples: ['ack,resume,edits'],
};

const CREDENTIALS = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  auth: { type: 'apiKey', in: 'user', description: 'An access token as `auth.token`, with or without `Bearer `.' },
  token: { type: 'httpApiKey', in: 'query', name: 'token', description: 'An access token; also as `access_token`.' },
  subprotocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description: '`bearer.<token>`, beside `parlance.<dialect>`: for browsers, which cannot set other headers.',
  },
  userEmail: {
    type: 'httpApiKey',
    in: 'header',
    name: 'User-Email',
    description: 'A registered user, believed only where `HEADER_AUTH` allows it.',
  },
};

/** The frames of dialects as an AsyncAPI 3 document; what is a dialect's bears its name. */
export function toAsyncApi(dialects: readonly Dialect[], { title, version }: About): AsyncApi {
  const parts = dialects.map((dialect) => new Part(dialect));
  const merge = (name: keyof Part): object => Object.assign({}, ...parts.map((part) => part[name])) as object;
  return {
    asyncapi: '3.0.0',
    info: {
      title,
      version,
      description:
        dialects.length === 1
          ? dialects[0]!.frames.about
          : `The frames of every dialect. What ${EXTENSION} marks is for connections that asked for that extension.`,
    },
    defaultContentType: 'application/json',
    servers: { websocket: toServer('ws'), socketio: toServer('socketio') },
    channels: merge('channels'),
    operations: merge('operations'),
    components: { messages: merge('messages'), schemas: merge('schemas'), securitySchemes: CREDENTIALS },
  };
}

function toServer(protocol: string): object {
  return {
    host: '{host}',
    protocol,
    variables: { host: { default: 'localhost:8000', description: 'Where the server listens.' } },
  };
}

/** What one dialect has in a document. */
class Part {
  readonly channels: object;
  readonly operations: object;
  readonly messages: Record<string, object> = {};
  readonly schemas: Record<string, JsonSchema>;

  constructor(private readonly dialect: Dialect) {
    const { name, path, frames } = dialect;
    const taken = new Schemas(this.keyOf, false);
    const sent = new Schemas(this.keyOf, true);
    const received = this.addMessages('receive', frames.in, taken);
    const shown = this.addMessages('send', frames.out, sent);
    this.channels = {
      [name]: {
        address: path.replace(/:(\w+)/g, '{$1}'),
        title: name,
        description: frames.about,
        servers: [refer('servers', dialect.isCarried ? 'socketio' : 'websocket')],
        parameters: Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([, parameter]) => [parameter, {}])),
        messages: Object.fromEntries([...received, ...shown].map((key) => [key, refer('components/messages', key)])),
        bindings: { ws: { method: 'GET', query: this.query() } },
      },
    };
    this.operations = {
      ...this.operation('receive', 'What clients send', received),
      ...this.operation('send', 'What clients get', shown),
    };
    this.schemas = { ...taken.all, ...sent.all };
  }

  private readonly keyOf = (type: Class): string => `${this.dialect.name}.${type.name}`;

  /** @returns the messages' keys */
  private addMessages(action: Action, frames: Readonly<Record<string, Class>>, schemas: Schemas): string[] {
    return Object.entries(frames).map(([name, type]) => {
      const { summary, example, extension } = descriptionOf(type);
      const key = `${this.dialect.name}.${action}.${name}`;
      this.messages[key] = {
        name,
        title: name,
        summary,
        ...this.content(type, example, schemas),
        ...(extension && { [EXTENSION]: extension }),
      };
      return key;
    });
  }

  /** Where frames are not JSON, the document has them as they are on the wire. */
  private content(type: Class, example: object, schemas: Schemas): object {
    const { dialect } = this;
    if (!dialect.decode) return { payload: schemas.refer(type), examples: [{ payload: example }] };
    const text = dialect.encode?.(example) ?? JSON.stringify(example);
    return { contentType: 'text/plain', payload: { type: 'string' }, examples: [{ payload: text }] };
  }

  private operation(action: Action, summary: string, messages: readonly string[]): object {
    if (messages.length === 0) return {};
    const { name, guests } = this.dialect;
    return {
      [`${name}.${action}`]: {
        action,
        title: `${name}: ${summary.toLowerCase()}`,
        channel: refer('channels', name),
        messages: messages.map((key) => refer(`channels/${name}/messages`, key)),
        ...(!guests && { security: this.credentials().map((scheme) => refer('components/securitySchemes', scheme)) }),
      },
    };
  }

  private credentials(): string[] {
    const { headerAuth, isCarried } = this.dialect;
    return ['bearer', 'token', isCarried ? 'auth' : 'subprotocol', ...(headerAuth ? ['userEmail'] : [])];
  }

  private query(): JsonSchema {
    const own = this.dialect.frames.query ? propertiesOf(this.dialect.frames.query) : [];
    return {
      type: 'object',
      properties: { ext: EXT, ...Object.fromEntries(own.map(({ name, schema }) => [name, schema])) },
    };
  }
}

function refer(place: string, key: string): Reference {
  return { $ref: `#/${place}/${key}` };
}
