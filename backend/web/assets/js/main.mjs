// Small improvements only: every page works without this file.
import { Button } from "./govuk/components/button/button.bundle.mjs";
import { CharacterCount } from "./govuk/components/character-count/character-count.bundle.mjs";
import { ErrorSummary } from "./govuk/components/error-summary/error-summary.bundle.mjs";
import { NotificationBanner } from "./govuk/components/notification-banner/notification-banner.bundle.mjs";
import { PasswordInput } from "./govuk/components/password-input/password-input.bundle.mjs";
import { ServiceNavigation } from "./govuk/components/service-navigation/service-navigation.bundle.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

const parts = [
  Button,
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
];
for (const Part of parts) {
  for (const element of document.querySelectorAll(`[data-module="${Part.moduleName}"]`)) {
    new Part(element);
  }
}
