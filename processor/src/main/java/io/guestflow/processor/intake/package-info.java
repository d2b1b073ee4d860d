/**
 * Intake: CXone's webhooks and the control topics become session events, each in the partition of its conversation.
 * {@link io.guestflow.processor.intake.IntakeTopology} is the table of contents; {@code WebhookReader} says what a webhook
 * means. Nothing of a webhook is passed on but ids, times, a direction and a status.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.intake;
