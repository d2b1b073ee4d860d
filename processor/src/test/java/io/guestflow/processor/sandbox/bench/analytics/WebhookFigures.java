package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Spread;
import java.util.List;

/**
 * How fast a backlog of webhooks comes to windows: through intake, sessions and facts of one instance.
 *
 * @param perSecond webhooks, until the last message that they told of was counted in its window
 * @param publishedPerSecond the same until all last revisions were out
 * @param mostRssMiB of the processor
 */
record WebhookFigures(
        double bytesPerWebhook, Spread perSecond, Spread publishedPerSecond, double mostRssMiB, List<Round> rounds) {

    /**
     * One backlog.
     *
     * @param webhooks how many there were, duplicates included
     * @param messages that they told of, each in one window once
     * @param steadyPerSecond without the first fifth of the facts
     * @param cpu seconds of processor time for a million webhooks, by process
     */
    record Round(
            int number,
            long webhooks,
            long messages,
            double perSecond,
            double steadyPerSecond,
            double publishedPerSecond,
            CpuUse cpu) {}

    static WebhookFigures of(List<Round> rounds, double bytesPerWebhook, double mostRssMiB) {
        return new WebhookFigures(
                Math.round(bytesPerWebhook),
                Spread.of(rounds, Round::perSecond),
                Spread.of(rounds, Round::publishedPerSecond),
                mostRssMiB,
                List.copyOf(rounds));
    }

    double othersCores() {
        return Spread.of(rounds, round -> round.cpu().othersCores()).median();
    }
}
