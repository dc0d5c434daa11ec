import * as fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';
import { anyJson, damaged, type JsonText, type Known, near } from './random.js';

/** A request that may be wrong in any way that a client can send. */
export interface RandomRequest {
  /** As in the document, or nothing for an address that is in none. */
  readonly route: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The ones that cost a password hash each: they are to be tried, not to be waited for. */
const COSTLY = /\/auth\/(register|login)$/;

/** Requests near each route of a document, and some at addresses of no route. `tokens`: to be sent as bearer tokens. */
export function requestsNear(
  document: OpenAPIObject,
  known: Known,
  tokens: readonly string[],
): fc.Arbitrary<RandomRequest> {
  const headers = headersWith(tokens);
  const routes = Object.entries(document.paths).flatMap(([route, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      weight: COSTLY.test(route) ? 1 : 10,
      arbitrary: fc
        .tuple(pathOf(route, known), queryOf(item[method]!), headers, bodyOf(document, item[method]!, known))
        .map(([path, query, sent, body]) => ({ route, method, path: path + query, headers: sent, body })),
    })),
  );
  return fc.oneof(...routes, { weight: 20, arbitrary: elsewhere(headers) });
}

function headersWith(tokens: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const value = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  const odd = fc.dictionary(
    fc.constantFrom('x-request-id', 'accept', 'user-email', 'origin', 'x-forwarded-for', 'if-none-match', 'range'),
    value,
    { maxKeys: 2 },
  );
  const type = fc.oneof(
    { weight: 12, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'a/b; c', ';', '') },
  );
  const authorization = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...tokens.map((token) => `Bearer ${token}`)) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        value,
        value.map((text) => `Bearer ${text}`),
      ),
    },
  );
  return fc
    .tuple(odd, type, authorization)
    .map(([others, contentType, bearer]) => ({ ...others, 'content-type': contentType, authorization: bearer }));
}

/** Parameters that are sent as text: what stands for a JSON value without its quotes. */
const asText = (text: string): string => text.replace(/^"(.*)"$/s, '$1').slice(0, 200);

function pathOf(route: string, known: Known): fc.Arbitrary<string> {
  const parts = route.split('/').map((part) => {
    if (!part.startsWith('{')) return fc.constant(part);
    const right = fc.constantFrom(...(known['{}'] ?? []).map(String));
    const any = fc.oneof(anyJson, fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })).map(asText);
    return fc
      .oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: any.filter((text) => !/^\.{0,2}$/.test(text)) })
      .map((text) => encodeURIComponent(text.toWellFormed()));
  });
  return fc.tuple(...parts).map((all) => all.join('/'));
}

function queryOf({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const names = parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? parameter.name : [],
  );
  const name = fc.constantFrom(...names, 'limit', 'cursor', 'query', 'before', 'after', '__proto__', 'a[b]', 'limit[]');
  const value = fc.oneof(fc.integer({ min: -1, max: 101 }).map(String), anyJson.map(asText));
  const pair = fc.tuple(name, value).map(([key, text]) => `${key}=${encodeURIComponent(text.toWellFormed())}`);
  return fc.array(pair, { maxLength: 3 }).map((pairs) => (pairs.length > 0 ? `?${pairs.join('&')}` : ''));
}

function bodyOf(document: OpenAPIObject, { requestBody }: Operation, known: Known): fc.Arbitrary<string | undefined> {
  const content = requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  const body: JsonText = content?.schema ? near(exampleOf(document, content.schema), known) : anyJson;
  return fc.option(damaged(body), { nil: undefined, freq: 12 });
}

function exampleOf(document: OpenAPIObject, schema: Schema | { $ref: string }): unknown {
  if ('$ref' in schema) return exampleOf(document, document.components!.schemas![schema.$ref.split('/').at(-1)!]!);
  const { properties, enum: values, items, format } = schema;
  const type = [schema.type].flat()[0];
  if (values) return values[0];
  if (properties) {
    return Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, exampleOf(document, each)]));
  }
  if (type === 'array') return [items ? exampleOf(document, items) : 'x'];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  return format === 'email' ? 'someone@example.com' : 'some words';
}

/** Addresses that no route has, or that are none. */
function elsewhere(headers: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<RandomRequest> {
  const sign = fc.constantFrom(
    ...'/.%?#&=;:@~+*[]{}|^aZ09é ',
    '%00',
    '%2e%2e/',
    '%ff',
    '/api/v1',
    '/docs',
    '/ws',
    '//',
  );
  return fc
    .tuple(fc.array(sign, { maxLength: 12 }), fc.constantFrom(...METHODS), headers, fc.option(anyJson))
    .map(([signs, method, sent, body]) => ({
      route: undefined,
      method,
      path: `/${signs.join('')}`.replaceAll(' ', '%20').replaceAll('é', 'e'),
      headers: sent,
      body: body ?? undefined,
    }));
}
