package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Spread;
import java.util.List;

/**
 * How fast a backlog of webhooks comes to windows: through intake, sessions and facts of one instance.
 *
 * @param perSecond webhooks, from when they could be read until all last revisions of their windows were out
 * @param countedPerSecond the same until the last message that they told of was counted: what is published later is not in it
 * @param mostRssMiB of the processor
 */
record WebhookFigures(
        double bytesPerWebhook, Spread perSecond, Spread countedPerSecond, double mostRssMiB, List<Round> rounds) {

    /**
     * One backlog.
     *
     * @param webhooks how many there were, duplicates included
     * @param messages that they told of, each in one window once
     * @param perSecond webhooks, until all last revisions were out
     * @param countedPerSecond until the last was counted
     * @param steadyPerSecond the same without the first fifth of the facts
     * @param cpu seconds of processor time for a million webhooks, by process
     */
    record Round(
            int number,
            long webhooks,
            long messages,
            double perSecond,
            double countedPerSecond,
            double steadyPerSecond,
            CpuUse cpu) {}

    static WebhookFigures of(List<Round> rounds, double bytesPerWebhook, double mostRssMiB) {
        return new WebhookFigures(
                Math.round(bytesPerWebhook),
                Spread.of(rounds, Round::perSecond),
                Spread.of(rounds, Round::countedPerSecond),
                mostRssMiB,
                List.copyOf(rounds));
    }

    double othersCores() {
        return Spread.of(rounds, round -> round.cpu().othersCores()).median();
    }
}
