import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ApiProperty,
  type ApiPropertyOptions,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { type Class, propertiesOf, type Property, validatedClasses } from '../common/schemas.js';
import { type About, readAbout } from '../common/about.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

/** The form of every refusal (`common/http/error.answer.ts`). */
const ERROR = {
  type: 'object',
  required: ['statusCode', 'error', 'message'],
  properties: {
    statusCode: { type: 'integer', examples: [400] },
    error: { type: 'string', examples: ['Bad Request'] },
    message: {
      description: 'A sentence, or a list of what is wrong field by field.',
      oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
  },
};

const REFUSAL = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

/** Serves the document at `/docs-json`, made when it is first asked for. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => toOpenApi(app, readAbout()), { ui: false, raw: ['json'] });
}

/** The REST API as an OpenAPI document: routes as the controllers have them, schemas as the validators do. */
export function toOpenApi(app: NestFastifyApplication, { title, version }: About): OpenAPIObject {
  validatedClasses().forEach(describe);
  const frame = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription('The REST API. The frames of the sockets are described at /docs/async.')
    .setVersion(version)
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'User-Email', description: 'Believed only where `HEADER_AUTH` allows it.' },
      'userEmail',
    )
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, frame, { operationIdFactory: toOperationId });
  document.components!.schemas!['Error'] = ERROR as never;
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (!operation) continue;
      addRefusals(operation);
      operation.parameters?.forEach(forbidNull);
    }
  }
  return document;
}

/** `MessagesController` and `send` are `Messages.send`. */
function toOperationId(controller: string, method: string): string {
  return `${controller.replace(/Controller$/, '')}.${method}`;
}

/** Tells the framework of a class's properties what their validators know. */
function describe(type: Class): void {
  for (const property of propertiesOf(type)) {
    ApiProperty(toOptions(property))(type.prototype as object, property.name);
  }
}

function toOptions({ schema, type, isRequired, isNullable }: Property): ApiPropertyOptions {
  const { const: only, ...rest } = schema;
  return {
    ...rest,
    ...(only !== undefined && { enum: [only] }),
    ...(type && { $ref: undefined, items: undefined, type: () => type, isArray: schema['type'] === 'array' }),
    required: isRequired,
    ...(isNullable && { nullable: true }),
  };
}

/** A parameter may be missing, as an optional key of a body may; but text in an address is never null. */
function forbidNull(parameter: Parameter): void {
  if (!('schema' in parameter) || !parameter.schema || !('type' in parameter.schema)) return;
  const types = [parameter.schema.type].flat().filter((type) => type !== 'null');
  parameter.schema.type = types[0]!;
}

/** What any route refuses, by what it takes. What one refuses beside that is said where it is. */
function addRefusals(operation: Operation): void {
  const { parameters = [], requestBody, security, responses } = operation;
  const isPublic = security?.some((requirement) => Object.keys(requirement).length === 0);
  const refuse = (status: number | 'default', description: string): void => {
    responses[status] ??= { description };
  };
  if (requestBody || parameters.length > 0) refuse(400, 'What was sent is not valid');
  if (!isPublic) refuse(401, 'No, or no valid, credentials');
  const namesSomething = parameters.some((parameter) => 'in' in parameter && parameter.in === 'path');
  if (namesSomething) refuse(404, 'There is no such thing');
  refuse('default', 'Another refusal: too many requests (429), a fault (500), not now (503)');
  for (const [status, response] of Object.entries(responses)) {
    if ((status === 'default' || Number(status) >= 400) && response && !('content' in response)) {
      Object.assign(response, { content: REFUSAL });
    }
  }
}
