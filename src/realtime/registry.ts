import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Dialect } from '../dialects/dialect.js';
import type { ClientFrame, Connection } from './connection.js';
import { DIALECT } from './dialect-gateway.js';
import type { Handshake } from './handshake.js';
import { parametersOf } from './path.js';

/** What a dialect's gateway may do before the upgrade is answered. */
export interface HandshakeHook {
  /**
   * Prepares a connection: what it sends is the first that the client gets, and what it throws refuses the handshake.
   * Also called when a connection takes up the dialect by its first frame.
   */
  onHandshake(connection: Connection, handshake: Handshake): Promise<void> | void;
}

/** A dialect with the gateway that serves it. */
export interface Service {
  readonly dialect: Dialect;
  readonly gateway: Partial<HandshakeHook>;
}

/** Every dialect of this application, and which of them a connection speaks (contract, "Which dialect …"). */
@Injectable()
export class DialectRegistry implements OnModuleInit {
  private readonly services: Service[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const provider of this.discovery.getProviders()) {
      const { metatype, instance } = provider;
      const dialect = metatype ? (Reflect.getMetadata(DIALECT, metatype) as Dialect | undefined) : undefined;
      if (!dialect) continue;
      if (!provider.isDependencyTreeStatic())
        throw new Error(`${provider.name} serves all connections: it has no scope`);
      this.services.push({ dialect, gateway: instance as Partial<HandshakeHook> });
    }
  }

  /** A dialect's service. @throws when it has no gateway */
  serviceOf(dialect: Dialect): Service {
    const service = this.services.find((service) => service.dialect === dialect);
    if (!service) throw new Error(`No gateway is declared for the dialect ${dialect.name}`);
    return service;
  }

  get dialects(): readonly Dialect[] {
    return this.services.map(({ dialect }) => dialect);
  }

  /** Whether any dialect is at home at a path: only there may a dialect be named, too. */
  serves(path: string): boolean {
    return this.at(path).length > 0;
  }

  /**
   * The dialect that a handshake names or, where it names none, that its path and parameters decide. One whose path has a
   * parameter is found by its path only.
   */
  choose(handshake: Handshake): Service | undefined {
    const services = this.at(handshake.path);
    if (handshake.dialect !== undefined) {
      return [...services, ...this.services.filter(isNameable)].find(
        ({ dialect }) => dialect.name === handshake.dialect,
      );
    }
    return (
      services.find(({ dialect }) => dialect.claims?.(handshake)) ??
      services.find(({ dialect }) => dialect.path === handshake.path && !dialect.claims) ??
      services.find(({ dialect }) => !dialect.claims)
    );
  }

  /** The other dialect of the path, when a first frame has its shape and the handshake left the choice open. */
  correct(connection: Connection, frame: ClientFrame): Service | undefined {
    const { dialect, handshake, principal } = connection;
    if (handshake.dialect !== undefined || dialect.recognises(frame)) return undefined;
    return this.at(handshake.path).find(
      (other) => other.dialect.recognises(frame) && (other.dialect.headerAuth || principal.expiresAt !== null),
    );
  }

  /** Clients and proxies add and drop a trailing slash: the paths with and without are shared. */
  private at(path: string): Service[] {
    return this.services.filter(({ dialect }) => parametersOf(dialect.path, path) !== undefined);
  }
}

/** Whether a plain websocket may name it at any path. */
function isNameable({ dialect }: Service): boolean {
  return !dialect.isCarried && !dialect.path.includes(':');
}
