import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BusSettings } from '../config/settings.js';
import { Admission } from './admission.js';
import { Bus } from './bus/bus.js';
import { MemoryBus } from './bus/memory.bus.js';
import { RedisBus } from './bus/redis.bus.js';
import { Certainty } from './certainty.js';
import { ClusterAttendance } from './cluster/attendance.js';
import { Census } from './cluster/census.js';
import { Inquiries } from './cluster/inquiries.js';
import { Nodes } from './cluster/nodes.js';
import { ReplicatedRoster } from './cluster/roster.js';
import { ThisNode } from './cluster/this-node.js';
import { Connections } from './connections.js';
import { DialectBinder } from './dialect-binder.js';
import { DirectHandlers } from './direct-handlers.js';
import { Drain } from './drain.js';
import { Feeds } from './feeds.js';
import { Frames } from './frames.js';
import { Heartbeat } from './heartbeat.js';
import { Hub } from './hub.js';
import { Meters } from './meters.js';
import { Origins } from './origins.js';
import { Oversight } from './oversight.js';
import { Attendance, Cluster, Journal, Roster } from './ports.js';
import { EventPublisher } from './publisher.js';
import { Reception } from './reception.js';
import { DialectRegistry } from './registry.js';
import { Standing } from './standing.js';
import { Sweep } from './sweep.js';
import { Tracer } from './tracer.js';
import { UpgradeDispatcher } from './upgrade.js';
import { UsageTally } from './usage-tally.js';

/** The engine: who is connected, what each hears, and the bus that carries events to them. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    ThisNode,
    Meters,
    {
      provide: Bus,
      inject: [BusSettings, Journal, ThisNode, Meters, { token: Tracer, optional: true }],
      useFactory: (settings: BusSettings, journal: Journal, node: ThisNode, meters: Meters, tracer?: Tracer) =>
        settings.redisUrl ? new RedisBus(settings.redisUrl, journal, node, meters, tracer) : new MemoryBus(),
    },
    Nodes,
    { provide: Roster, useClass: ReplicatedRoster },
    { provide: Attendance, useClass: ClusterAttendance },
    { provide: Cluster, useClass: Inquiries },
    Certainty,
    Sweep,
    EventPublisher,
    Connections,
    Hub,
    Feeds,
    Census,
    Standing,
    Oversight,
    UsageTally,
    Heartbeat,
    Origins,
    DialectRegistry,
    DirectHandlers,
    DialectBinder,
    Frames,
    Admission,
    Reception,
    UpgradeDispatcher,
    Drain,
  ],
  exports: [
    ThisNode,
    Meters,
    Bus,
    Hub,
    Connections,
    Admission,
    EventPublisher,
    Attendance,
    Roster,
    Cluster,
    Census,
    Oversight,
    UsageTally,
    Feeds,
    Origins,
    DialectRegistry,
    DialectBinder,
    Frames,
    Reception,
    UpgradeDispatcher,
  ],
})
export class RealtimeModule {}
