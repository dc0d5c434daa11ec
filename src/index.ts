import 'reflect-metadata';

// What programs outside this tree may use, and all that they may: docs/extending.md shows how. What is not here may change.

// The server.
export type { Additions } from './app.module.js';
export { createApplication, listen } from './application.js';
export { start } from './start.js';

// A feature: its routes, who asks, what it refuses, what it stores, what it is set to.
export { AllowUserEmail, CurrentUser, Public, Roles } from './auth/access.js';
export { AuthGuard } from './auth/auth.guard.js';
export { RolesGuard } from './auth/roles.guard.js';
export * from './common/errors.js';
export { Operation } from './common/http/operation.js';
export { isUuid, newId } from './common/ids.js';
export { decodeCursor, type Page, PageQuery, QueryInteger, toPage } from './common/pagination.js';
export { type Principal, toUserRef, type UserRef } from './common/principal.js';
export { type Role, ROLES } from './common/roles.js';
export { IsListOf, IsObjectOf, MayBeMissing, Nullable } from './common/shape.validators.js';
export { IsText, Trim } from './common/text.validator.js';
export { Environment, SettingError } from './config/env.js';
export * as parsers from './config/parsers.js';
export type { Migration } from './database/connection.js';
export { UnitOfWork } from './database/unit-of-work.js';

// What happens: the catalogue of events, how to tell one, and where each is heard.
export * from './realtime/events.js';
export { EventPublisher } from './realtime/publisher.js';
export { conversationTopic, type EventTopic, featureTopic, sessionTopic, userTopic } from './realtime/topics.js';

// A dialect: its contract, its frames, its gateway, and the connections that speak it.
export type { Dialect, Frame, Place, Presentation } from './dialects/dialect.js';
export { Describe, type Description, type Frames, OfExtension } from './dialects/frame.js';
export { CloseCode } from './realtime/close-codes.js';
export type { ClientFrame, Connection, Reply } from './realtime/connection.js';
export { DialectGateway } from './realtime/dialect-gateway.js';
export { onlyWithEdits } from './realtime/edits.js';
export type { Extensions } from './realtime/extensions.js';
export { Feeds } from './realtime/feeds.js';
export type { Handshake } from './realtime/handshake.js';
export { Attendance, ConversationAccess, type ConversationName } from './realtime/ports.js';
export type { HandshakeHook } from './realtime/registry.js';
export { offsetKey, resumeKeys, sinceOf } from './realtime/resuming.js';
export type { Entry } from './realtime/room.js';
export { IsConversationName, IsOffset } from './realtime/validators.js';

// The features that dialects and features build on; the modules of those that are not everywhere.
export { CheckInsModule } from './check-ins/check-ins.module.js';
export { CheckInsService } from './check-ins/check-ins.service.js';
export { ConversationsService } from './conversations/conversations.service.js';
export { MessagesService, type Outgoing, type SentMessage } from './messages/messages.service.js';
export { NotificationsModule } from './notifications/notifications.module.js';
export { NotificationsService } from './notifications/notifications.service.js';
export { PresenceModule } from './presence/presence.module.js';
export { PresenceService } from './presence/presence.service.js';
export { UsersModule } from './users/users.module.js';
export { UsersService } from './users/users.service.js';
