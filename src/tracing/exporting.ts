import { diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Logger } from '@nestjs/common';
import { readAbout } from '../common/about.js';

/**
 * What makes spans and sends them to a collector, in groups and beside the messages. All that is not given here it reads
 * itself, from the variables that OpenTelemetry has for everyone: sampler, headers, service name, limits.
 *
 * @param url where the collector takes traces by HTTP, as JSON
 */
export function exportTo(url: string, node: string): NodeTracerProvider {
  const logger = new Logger('Tracing');
  const pass = (): void => {};
  const warn = (message: string): void => logger.warn(message);
  const log: DiagLogger = { error: warn, warn, info: pass, debug: pass, verbose: pass };
  diag.setLogger(log, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const { version } = readAbout();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'parlance',
      'service.version': version,
      'service.instance.id': node,
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  return provider;
}
