import { existsSync, readFileSync } from 'node:fs';
import ms, { type StringValue } from 'ms';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { unknownSettings } from './settings.js';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: object;
  readonly stop_grace_period?: StringValue;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: { readonly default: { readonly ipv4_address: string } };
}

const text = readFileSync('compose.yaml', 'utf8');
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };
const nodes = [services['node-1']!, services['node-2']!];

/** An environment as compose fills it in, with what it must be given. */
const filledIn = ({ environment = {} }: Service): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replaceAll(/\$\{(\w+):([?-])[^}]*\}/g, given)]),
  );

const given = (_: string, name: string, kind: string): string => (kind === '-' ? '' : `${name}-`.repeat(8));

describe('compose.yaml', () => {
  it('gives both nodes the same settings, all of them known and good', () => {
    expect(nodes[0]!.environment).toEqual(nodes[1]!.environment);
    expect(unknownSettings(filledIn(nodes[0]!))).toEqual([]);
  });

  it('has no secret of its own: compose does not start without them', () => {
    expect(nodes[0]!.environment).toMatchObject({
      JWT_SECRET: expect.stringMatching(/^\$\{JWT_SECRET:\?[^}]+\}$/),
      DATABASE_URL: expect.stringMatching(
        /^postgres:\/\/parlance:\$\{POSTGRES_PASSWORD:\?[^}]+\}@postgres:5432\/parlance$/,
      ),
    });
    expect(services.postgres!.environment).toMatchObject({
      POSTGRES_PASSWORD: expect.stringMatching(/^\$\{POSTGRES_PASSWORD:\?[^}]+\}$/),
    });
  });

  it('names services that are there, and waits for those that say that they are well', () => {
    const { environment } = nodes[0]!;
    expect(new URL(environment!.REDIS_URL!).hostname).toBe('redis');
    for (const { depends_on: needed = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(needed)) {
        expect(condition).toBe('service_healthy');
        // A node's check is its image's.
        expect(services[name]?.healthcheck ?? nodes.includes(services[name]!)).toBeTruthy();
      }
    }
    expect(Object.keys(services.nginx!.depends_on!)).toEqual(['node-1', 'node-2']);
  });

  it('lets a node take the time for its stop', () => {
    for (const { environment, stop_grace_period: grace } of nodes) {
      expect(ms(grace!)).toBeGreaterThan(ms(environment!.SHUTDOWN_GRACE as StringValue));
    }
  });

  it('trusts nginx and no one else, and only nginx can be reached from outside', () => {
    expect(nodes[0]!.environment!.TRUSTED_PROXIES).toBe(services.nginx!.networks!.default.ipv4_address);
    expect(Object.keys(services).filter((name) => services[name]!.ports)).toEqual(['nginx']);
  });

  it('gives nginx the files that ship, and the ports at which they listen', () => {
    const mounted = services.nginx!.volumes!.map((volume) => volume.split(':')[0]!);
    expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
    const listened = ['public', 'user-email'].map((name) => {
      const conf = readFileSync(`deploy/nginx/conf.d/${name}.conf`, 'utf8');
      return /^ {2}listen (\d+);$/m.exec(conf)?.[1];
    });
    expect(services.nginx!.ports!.map((port) => port.split(':')[1])).toEqual(listened);
    const upstream = [...readFileSync('deploy/nginx/parlance/nodes.conf', 'utf8').matchAll(/^server (\S+):(\d+) /gm)];
    expect(upstream.map(([, name, port]) => [services[name!], port])).toEqual(
      nodes.map((node) => [node, node.environment!.PORT]),
    );
  });
});
