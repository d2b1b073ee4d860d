package io.guestflow.processor.sandbox.bench.sessions;

/**
 * How fast a backlog of webhooks is worked off by intake and session on one instance.
 *
 * @param webhooks how many there were, duplicates included
 * @param bytesPerWebhook of the bodies
 * @param perSecond from ready to the last one applied
 * @param steadyPerSecond without the first fifth, in which the compiler is at work
 * @param messages that were told of as facts, each once
 * @param mostRssMiB of the processor
 */
record EventFigures(
        long webhooks,
        double bytesPerWebhook,
        double perSecond,
        double steadyPerSecond,
        long messages,
        double mostRssMiB) {}
