import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFormats } from '../../src/testing/published.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

describe('The OpenAPI document', () => {
  let server: TestServer;
  let document: OpenAPIObject;
  let operations: [route: string, operation: Operation][];

  beforeAll(async () => {
    server = await startServer();
    document = (await request(server.url).get('/docs-json').expect(200)).body as OpenAPIObject;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation as Operation,
      ]),
    );
  });
  afterAll(() => server.close());

  const operationOf = (route: string): Operation => operations.find(([name]) => name === route)![1];

  it('is of OpenAPI 3.1, and of this version of the program', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Parlance', version: expect.any(String) } });
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says of each route what it does and what it answers', () => {
    expect(operations.length).toBeGreaterThan(30);
    for (const [route, { summary, responses }] of operations) {
      expect(summary, route).toBeTruthy();
      const done = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      expect(done.length, route).toBeGreaterThan(0);
      const { 204: _, ...withContent } = responses;
      for (const [status, response] of Object.entries(withContent)) {
        expect(response, `${route} ${status}`).toHaveProperty('content');
      }
    }
  });

  it('says of each key of each body what it may be', () => {
    for (const [name, schema] of Object.entries(document.components!.schemas!)) {
      expect(Object.keys(('properties' in schema && schema.properties) || {}), name).not.toEqual([]);
      for (const [key, property] of Object.entries(('properties' in schema && schema.properties) || {})) {
        const said = ['type', '$ref', 'oneOf', 'anyOf', 'allOf'].filter((word) => word in property);
        expect(said, `${name}.${key}`).not.toEqual([]);
      }
    }
  });

  it('has an example of each value that the admin area answers', () => {
    const { schemas } = document.components!;
    const names = [
      'Connection',
      'ConnectedUser',
      'Connections',
      'Disconnected',
      'EventLoopDelay',
      'Node',
      'Nodes',
      'Usage',
    ];
    for (const name of [...names.map((name) => `${name}Body`), 'UsagePage']) {
      for (const [key, property] of Object.entries((schemas![name] as { properties: object }).properties)) {
        const isOfOthers = JSON.stringify(property).includes('$ref');
        expect(isOfOthers || 'examples' in property, `${name}.${key}`).toBe(true);
      }
    }
  });

  it('has schemas that can be used', () => {
    const ajv = withFormats(new Ajv2020({ strict: false }));
    ajv.addSchema({ ...document, $id: 'document' });
    for (const name of Object.keys(document.components!.schemas!)) {
      expect(ajv.getSchema(`document#/components/schemas/${name}`), name).toBeTypeOf('function');
    }
  });

  it('says which routes need what credentials', () => {
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(operationOf('GET /api/v1/auth/me').security).toBeUndefined();
    expect(operationOf('POST /api/v1/auth/login').security).toEqual([{}]);
    expect(operationOf('POST /api/v1/messages').security).toEqual([{ bearer: [] }, { userEmail: [] }]);
    expect(operationOf('GET /api/v1/channels').security).toEqual([{ bearer: [] }, { userEmail: [] }]);
    expect(operationOf('POST /api/v1/pets').responses['403']).toMatchObject({
      description: expect.stringMatching('client'),
    });
  });

  it('says within what bounds a query may ask', () => {
    const limit = { name: 'limit', in: 'query', required: false };
    for (const route of ['GET /api/v1/users', 'GET /api/v1/conversations/{id}/messages', 'GET /api/v1/notifications']) {
      expect(operationOf(route).parameters, route).toContainEqual({
        ...limit,
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
      });
    }
  });

  it('has one form for all that is refused', () => {
    for (const [route, { responses }] of operations) {
      expect(responses['default'], route).toMatchObject({
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      });
    }
  });
});
