import type { DomainError } from '../../common/errors.js';
import type { DomainEvent } from '../../realtime/events.js';
import { offsetKey } from '../../realtime/resuming.js';
import type { Dialect, Presentation } from '../dialect.js';
import {
  type ErrorFrame,
  frames,
  type MessageFrame,
  type NotificationDeletedFrame,
  type NotificationReadFrame,
  type NotificationsAllReadFrame,
  toMessageData,
  toNotificationFrame,
} from './flat.frames.js';

/** `flat-and-dashboard.md`: JSON objects without an envelope, for every conversation that the user takes part in. */
export const flat: Dialect = {
  name: 'flat',
  path: '/ws',
  memberships: 'entered',
  headerAuth: false,
  frames,

  recognises: (frame) => 'conversation_id' in frame && 'content' in frame,

  eventOf({ event }) {
    if (event === undefined) return 'message';
    return typeof event === 'string' ? event : undefined;
  },

  present(event: DomainEvent): Presentation | undefined {
    switch (event.type) {
      case 'message.created':
      case 'message.edited':
      case 'message.deleted':
        return {
          frame: (extensions): MessageFrame => ({ ...toMessageData(event), ...offsetKey(extensions, event.offset) }),
          exceptConnection: event.origin,
        };
      case 'notification.created':
        return { frame: () => toNotificationFrame(event.notification) };
      case 'notification.read':
        return { frame: (): NotificationReadFrame => ({ event: 'read', notification_id: event.notificationId }) };
      case 'notification.all-read':
        return { frame: (): NotificationsAllReadFrame => ({ event: 'read_all' }) };
      case 'notification.deleted':
        return { frame: (): NotificationDeletedFrame => ({ event: 'deleted', notification_id: event.notificationId }) };
      default:
        return undefined;
    }
  },

  error: ({ message }: DomainError): ErrorFrame => ({ event: 'error', message }),
};
