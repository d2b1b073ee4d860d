package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.GroupOffsets;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.analytics.Reading.Extent;
import io.guestflow.processor.sandbox.bench.sessions.Crowd;
import io.guestflow.processor.sandbox.bench.sessions.Openings;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Talk;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import io.guestflow.processor.sandbox.webhooks.WebhookLoad;
import io.guestflow.processor.sandbox.webhooks.WebhookPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Works off backlogs of webhooks of running conversations, held back until all of a backlog lies there: intake reads and
 * re-keys them, sessions tell messages as facts, and the facts are counted in windows, all in one processor.
 */
final class WebhookRate {
    private static final String SESSIONS = "guestflow-sessions";
    private static final Duration DONE_WITHIN = Duration.ofMinutes(6);
    private static final Duration LIVES = Duration.ofHours(4);
    private static final int SHAPED_AS_PER_SECOND = 1_000;
    /** A conversation begins with what is no message: in a backlog of fewer nobody has written yet. */
    private static final int WEBHOOKS_OF_A_TALKER = 4;

    private static final double THOUSAND = 1_000;

    private final AnalyticsBenchOptions options;
    private final World world;
    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;
    private final GroupOffsets offsets;
    private final Crowd crowd = new Crowd("talk");
    private final Pace pace;

    private int backlogs;
    private long messages;

    WebhookRate(AnalyticsBenchOptions options, World world, InstantSource clock, Progress progress, Findings findings) {
        this.options = options;
        this.world = world;
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
        this.offsets = new GroupOffsets(world.kafka().admin());
        this.pace = new Pace(WEBHOOKS_OF_A_TALKER * options.talkers());
    }

    WebhookFigures measure() throws InterruptedException {
        progress.say("webhooks: opening the conversations that they are of");
        try (World.Running running = world.startAnew(Map.of());
                HeldProducer held = world.add(new HeldProducer(world.bootstrap(), "bench-webhooks"));
                Published published = Published.start(world.bootstrap(), clock);
                PeakRss rss = PeakRss.of(running.processor()::rssBytes)) {
            Map<String, Long> pids = world.pids(running.processor());
            open();
            new WarmUp(options, progress, findings)
                    .run("webhooks", pids.values(), () -> round(0, options.slice(), held, published, pids));
            List<WebhookFigures.Round> rounds = new ArrayList<>();
            double bytes = 0;
            for (int number = 1; number <= options.rounds(); number++) {
                Backlog backlog = round(number, options.backlog(), held, published, pids);
                rounds.add(backlog.round);
                bytes = backlog.bytesPerWebhook;
            }
            return WebhookFigures.of(rounds, bytes, rss.mib());
        }
    }

    private record Backlog(WebhookFigures.Round round, double bytesPerWebhook) {}

    private void open() throws InterruptedException {
        Instant now = clock.instant();
        try (Openings openings = new Openings(world.bootstrap(), World.PARTITIONS)) {
            for (int number = 0; number < options.talkers(); number++) {
                openings.open(crowd.conversation(number), crowd.guest(number), channelId(number), now, now.plus(LIVES));
            }
            openings.flush();
        }
        Map<TopicPartition, Long> opened = offsets.ends(Topics.SESSION_EVENTS.name());
        Reading.follow(offsets, SESSIONS, new Extent(Map.of(), opened), DONE_WITHIN);
    }

    private Backlog round(int number, Duration lasting, HeldProducer held, Published published, Map<String, Long> pids)
            throws InterruptedException {
        WebhookLoad.Report backlog = hold(held, pace.lasting(lasting));
        // Of the two events of a message that goes out, a plan may end after the first.
        messages += backlog.count(Happening.INBOUND) + backlog.count(Happening.OUTBOUND_SENT);
        Map<TopicPartition, Long> from = offsets.ends(Topics.GUEST_FACTS.name());
        long before = published.messages();
        if (messages == before) {
            throw new IllegalStateException("nobody writes in a backlog of " + backlog.deliveries()
                    + " webhooks: nothing can be measured by it");
        }
        CpuMeter cpu = CpuMeter.start(pids);
        held.release();
        long begin = System.nanoTime();
        Reading reading =
                Reading.follow(offsets, FactBacklogs.GROUP, from, () -> published.messages() >= messages, DONE_WITHIN);
        double publishedSeconds = (System.nanoTime() - begin) / 1e9;
        CpuUse used = cpu.use((int) Math.round(backlog.deliveries() / THOUSAND));
        published.check();
        if (published.messages() != messages) {
            findings.broken("webhooks: %,d messages were told of, the last revisions of windows have %,d"
                    .formatted(messages, published.messages()));
        }
        double counted = backlog.deliveries() * reading.sharePerSecond();
        pace.found(counted);
        progress.say(
                "webhooks, %s: %,d of %.0f bytes, published %,.0f/s, counted %,.0f/s; the last %.1f s after the last count"
                        .formatted(
                                number == 0 ? "warming up" : "round " + number,
                                backlog.deliveries(),
                                backlog.bytesPerDelivery(),
                                backlog.deliveries() / publishedSeconds,
                                counted,
                                publishedSeconds - reading.seconds()));
        return new Backlog(
                new WebhookFigures.Round(
                        number,
                        backlog.deliveries(),
                        messages - before,
                        Math.round(backlog.deliveries() / publishedSeconds),
                        Math.round(counted),
                        Math.round(backlog.deliveries() * reading.steady().sharePerSecond()),
                        used),
                backlog.bytesPerDelivery());
    }

    /** Puts webhooks there that nobody can read yet; they tell of windows that are over. */
    private WebhookLoad.Report hold(HeldProducer held, int webhooks) throws InterruptedException {
        int backlog = ++backlogs;
        Duration length = Duration.ofMillis(1000L * webhooks / SHAPED_AS_PER_SECOND);
        WebhookPlan plan = WebhookPlan.chat(backlog, options.talkers(), SHAPED_AS_PER_SECOND, length);
        // Not closed: the producer is used again.
        WebhookLoad load = new WebhookLoad(held.hold(), Topics.CXONE_EVENTS.name(), WebhookBodies.asIntakeReadsThem());
        Instant start = clock.instant().minus(World.OVER).minus(length);
        return load.runUnpaced(plan, "talk" + backlog, start, this::talk);
    }

    private Talk talk(int number) {
        return new Talk(crowd.conversation(number), channelId(number), null);
    }

    private String channelId(int number) {
        return FactFlow.channelId(number % options.channels());
    }
}
