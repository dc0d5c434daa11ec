import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PARAMTYPES_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import { Injectable } from '@nestjs/common';
import { ApplicationConfig, MetadataScanner } from '@nestjs/core';
import { MESSAGE_MAPPING_METADATA, MESSAGE_METADATA, PARAM_ARGS_METADATA } from '@nestjs/websockets/constants.js';
import type { Selective } from '../common/selective.js';
import type { ClientFrame, Connection, FrameHandler, Reply } from './connection.js';
import { FrameErrorFilter } from './frame-error.filter.js';
import { FramePipe } from './frame.pipe.js';
import type { Service } from './registry.js';

type Method = (...values: unknown[]) => ReturnType<FrameHandler>;
type Extractor = (connection: Connection, frame: ClientFrame, reply: Reply | undefined) => unknown;

/** What `@ConnectedSocket`, `@MessageBody` and `@Ack` leave of a parameter; the key begins with which of them it was. */
type Parameters = Readonly<Record<string, { index: number; data?: string; pipes: readonly unknown[] }>>;
const SOCKET = '0';
const PAYLOAD = '3';
const ACK = '13';

const NO_PARAMETERS: Parameters = {};

/**
 * Calls the handlers of gateways straight, and keeps one set of them for all connections. The framework's way to them
 * binds each handler anew for each connection and takes a dozen promises a frame, which costs more than all else that a
 * small frame needs. Its way is kept for gateways with guards, pipes, interceptors, filters or hooks of their own.
 */
@Injectable()
export class DirectHandlers {
  private readonly known = new Map<Service, ReadonlyMap<string, FrameHandler> | undefined>();
  private readonly scanner = new MetadataScanner();
  private readonly pipe = new FramePipe();

  constructor(private readonly config: ApplicationConfig) {}

  /** The handlers of a gateway by the names of their events, or nothing when it needs the framework's way to them. */
  of(service: Service): ReadonlyMap<string, FrameHandler> | undefined {
    if (!this.known.has(service)) this.known.set(service, this.compile(service.gateway));
    return this.known.get(service);
  }

  private compile(gateway: Service['gateway']): ReadonlyMap<string, FrameHandler> | undefined {
    const prototype = Object.getPrototypeOf(gateway) as Record<string, Method>;
    if ('handleConnection' in gateway || 'handleDisconnect' in gateway) return undefined;
    const names = this.scanner.getAllMethodNames(prototype).filter((name) => isHandler(prototype[name]!));
    const handlers = new Map<string, FrameHandler>();
    for (const name of names) {
      const method = prototype[name]!;
      const extractors = this.extractors(gateway.constructor, prototype, name);
      if (!extractors || this.isEnhanced(method, gateway.constructor)) return undefined;
      handlers.set(Reflect.getMetadata(MESSAGE_METADATA, method) as string, (connection, frame, reply) =>
        method.apply(
          gateway,
          extractors.map((extract) => extract(connection, frame, reply)),
        ),
      );
    }
    return handlers;
  }

  /** Whether anything but what every gateway has comes before, around or after a handler. */
  private isEnhanced(method: Method, type: object): boolean {
    const { config } = this;
    if ([...config.getGlobalRequestGuards(), ...config.getGlobalRequestPipes()].length > 0) return true;
    if (config.getGlobalRequestInterceptors().length > 0) return true;
    const everywhere = [...config.getGlobalGuards(), ...config.getGlobalPipes(), ...config.getGlobalInterceptors()];
    if (everywhere.some((enhancer) => (enhancer as Partial<Selective>).isFor?.(method, type) ?? true)) return true;
    const own = (key: string, expected: readonly unknown[]): boolean =>
      Reflect.getMetadata(key, method) !== undefined || !isSame(Reflect.getMetadata(key, type), expected);
    return (
      own(GUARDS_METADATA, []) ||
      own(INTERCEPTORS_METADATA, []) ||
      own(PIPES_METADATA, [FramePipe]) ||
      own(EXCEPTION_FILTERS_METADATA, [FrameErrorFilter])
    );
  }

  /** What makes the values of a method's parameters, in their order; nothing when one is not the framework's own. */
  private extractors(type: object, prototype: object, name: string): Extractor[] | undefined {
    const parameters = (Reflect.getMetadata(PARAM_ARGS_METADATA, type, name) ?? NO_PARAMETERS) as Parameters;
    const types = (Reflect.getMetadata(PARAMTYPES_METADATA, prototype, name) ?? []) as readonly unknown[];
    const extractors: Extractor[] = [];
    for (const [key, { index, data, pipes }] of Object.entries(parameters)) {
      const extractor = this.extractor(key.split(':')[0]!, data, types[index]);
      if (!extractor || pipes.length > 0) return undefined;
      extractors[index] = extractor;
    }
    return Array.from(extractors, (extractor) => extractor ?? (() => undefined));
  }

  private extractor(kind: string, data: string | undefined, metatype: unknown): Extractor | undefined {
    switch (kind) {
      case SOCKET:
        return (connection) => connection;
      case PAYLOAD: {
        const metadata = { type: 'body', metatype: metatype as never } as const;
        return (_, frame) => this.pipe.transform(data === undefined ? frame : frame[data], metadata);
      }
      case ACK:
        return (_, __, reply) => reply;
      default:
        return undefined;
    }
  }
}

function isHandler(method: object): boolean {
  return Reflect.getMetadata(MESSAGE_MAPPING_METADATA, method) !== undefined;
}

function isSame(some: readonly unknown[] | undefined, expected: readonly unknown[]): boolean {
  return (some ?? []).length === expected.length && expected.every((one) => some?.includes(one));
}
