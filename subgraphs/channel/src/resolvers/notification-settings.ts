import { preferencesOf } from '../delivery-plan.js';
import type { NotificationSettingsResolvers } from '../generated/resolver-types.js';

export const NotificationSettings: NotificationSettingsResolvers = {
  preferences: (settings) => preferencesOf(settings),
};
