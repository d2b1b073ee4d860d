package io.guestflow.processor.sandbox.webhooks;

/**
 * One delivery of a webhook.
 *
 * @param number of the delivery in the run; {@link WebhookPlan#dueNanos} says when it is due
 * @param conversation whose it is
 * @param event number of the event: a duplicate has that of the first delivery
 * @param happenedNanos after the start of the run; before the delivery is due
 * @param duplicate whether the event was delivered before
 */
record Delivery(
        long number,
        int conversation,
        Happening happening,
        long event,
        long message,
        long happenedNanos,
        boolean duplicate) {
    /** The message of events that are about none. */
    static final long NO_MESSAGE = -1;
}
