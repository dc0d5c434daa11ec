import { readdirSync, readFileSync } from 'node:fs';
import ms, { type StringValue } from 'ms';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { unknownSettings } from './settings.js';

const DIRECTORY = 'deploy/kubernetes';
const read = (file: string): unknown => parse(readFileSync(`${DIRECTORY}/${file}`, 'utf8'));

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly image: string;
  readonly envFrom: readonly Readonly<Record<string, { readonly name: string }>>[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly [string, string] } } };
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string }[];
}
interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly rollingUpdate: object };
    readonly selector: object;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: object;
        readonly volumes: readonly { readonly name: string; readonly emptyDir: object }[];
        readonly containers: readonly [Container];
      };
    };
  };
}
interface Service {
  readonly spec: {
    readonly selector: object;
    readonly sessionAffinity: string;
    readonly ports: readonly { readonly targetPort: string }[];
  };
}

const deployment = read('deployment.yaml') as Deployment;
const service = read('service.yaml') as Service;
const budget = read('pod-disruption-budget.yaml') as { spec: { minAvailable: number; selector: object } };
const configMap = read('config-map.yaml') as { metadata: object; data: Record<string, string> };
const secret = read('secret.example.yaml') as { metadata: object; stringData: Record<string, string> };
const kustomization = read('kustomization.yaml') as { resources: string[]; images: { name: string }[] };

const { template } = deployment.spec;
const [container] = template.spec.containers;

describe('the Kubernetes manifests', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it('are all in the kustomization, but for the secret’s form', () => {
    const files = readdirSync(DIRECTORY).filter((file) => !/^(kustomization|secret\.example)\.yaml$/.test(file));
    expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
    expect(kustomization.images.map(({ name }) => name)).toEqual([container.image]);
  });

  it('give settings that are known and good, once the secret is filled in', () => {
    const settings = { ...configMap.data, ...secret.stringData, JWT_SECRET: 'x'.repeat(32) };
    expect(unknownSettings(settings)).toEqual([]);
    expect(Object.keys(secret.stringData).filter((name) => name in configMap.data)).toEqual([]);
    const names = container.envFrom.flatMap((source) => Object.values(source).map(({ name }) => ({ name })));
    expect(names).toEqual([configMap.metadata, secret.metadata]);
  });

  it('probe what the server answers, at the port at which it listens', async () => {
    const { startupProbe, livenessProbe, readinessProbe, ports } = container;
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
      await request(server.url).get(httpGet.path).expect(200);
      expect(httpGet.port).toBe('http');
    }
    expect(readinessProbe.httpGet.path).toBe('/health/ready');
    expect(livenessProbe.httpGet.path).toBe('/health/live');
    expect(ports).toEqual([{ name: 'http', containerPort: Number(configMap.data.PORT) }]);
    expect(service.spec.ports).toMatchObject([{ targetPort: 'http' }]);
  });

  it('let a node be forgotten before it is told to stop, and then finish', () => {
    const [program, seconds] = container.lifecycle.preStop.exec.command;
    expect(program).toBe('sleep');
    const grace = ms(configMap.data.SHUTDOWN_GRACE as StringValue) / 1000;
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + grace);
  });

  it('keep nodes there throughout an update, and a polling client at its own', () => {
    expect(deployment.spec.replicas).toBeGreaterThanOrEqual(2);
    expect(deployment.spec.strategy.rollingUpdate).toMatchObject({ maxUnavailable: 0 });
    expect(budget.spec.minAvailable).toBeLessThan(deployment.spec.replicas);
    expect(service.spec.sessionAffinity).toBe('ClientIP');
  });

  it('mean the same pods', () => {
    const { labels } = template.metadata;
    expect(deployment.spec.selector).toEqual({ matchLabels: labels });
    expect(budget.spec.selector).toEqual({ matchLabels: labels });
    expect(service.spec.selector).toEqual(labels);
  });

  it('let the process be nobody, and write nowhere but to what is thrown away', () => {
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 }); // the image's user
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(template.spec.volumes.map(({ name }) => name));
    for (const volume of template.spec.volumes) expect(volume.emptyDir).toBeDefined();
  });
});
