package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.Compilers;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import io.guestflow.processor.sandbox.webhooks.WebhookLoad;
import io.guestflow.processor.sandbox.webhooks.WebhookPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Many sessions whose ends are spread, a part of them active: how late they are refreshed and run out, what that takes,
 * and what it costs guests who are authenticated meanwhile.
 */
final class Lateness {
    private static final Duration AUTH_WARM_UP = Duration.ofSeconds(20);
    /** Of the machine's processors. */
    private static final double COMPILERS_AT_REST = 0.1;

    private static final Duration LAST_WITHIN = Duration.ofSeconds(60);
    private static final int ADOPTED_AT_ONCE = 5_000;
    /** Events that a conversation brings until everybody has written once, those of the start included. */
    private static final int EVENTS_A_ROUND = 3;

    private final SessionsBenchOptions options;
    private final World world;
    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;
    private final Crowd crowd = new Crowd("life");

    Lateness(SessionsBenchOptions options, World world, InstantSource clock, Progress progress, Findings findings) {
        this.options = options;
        this.world = world;
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
    }

    LatenessFigures measure() throws InterruptedException {
        progress.say("lateness: starting");
        world.wipe();
        ProcessorProcess processor = world.start("first");
        try (Watch watch = Watch.start(world.bootstrap(), clock);
                Openings openings = new Openings(world.bootstrap(), World.PARTITIONS);
                AuthMeanwhile auth = new AuthMeanwhile(world.bootstrap(), world.simulator(), findings);
                WebhookLoad webhooks = new WebhookLoad(
                        world.bootstrap(), Topics.CXONE_EVENTS.name(), WebhookBodies.asIntakeReadsThem());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                PeakRss rss = PeakRss.of(processor::rssBytes)) {
            warmUp(auth, world.pids(processor));
            Percentiles idle = auth.measure("idle", options.authLength());
            progress.say("idle: authentications p50 %.1f, p99 %.1f ms".formatted(idle.p50(), idle.p99()));
            world.simulator().reset();
            Changelogs before = Changelogs.now(world.kafka().admin());
            Instant start = clock.instant();
            Instant firstEnd = start.plus(options.lead());
            Instant lastEnd = firstEnd.plus(options.spread());
            adopt(start, firstEnd);
            Duration loaded = Loading.load(
                    crowd,
                    0,
                    options.many(),
                    start,
                    number -> end(number, firstEnd),
                    openings,
                    watch,
                    options.lead().minus(options.threshold()),
                    progress);
            var lifetimes = new Lifetimes(crowd, options.many(), options.activeSessions(), options.threshold());
            watch.tell(lifetimes);
            Future<WebhookLoad.Report> chatting = threads.submit(() -> chat(webhooks, firstEnd, lastEnd));
            sleepUntil(firstEnd.plus(options.spread().dividedBy(3)));
            long extended = world.simulator().extended();
            world.simulator().reset();
            Percentiles meanwhile = auth.measure("while sessions end", options.authLength());
            progress.say(
                    "meanwhile: authentications p50 %.1f, p99 %.1f ms".formatted(meanwhile.p50(), meanwhile.p99()));
            sleepUntil(lastEnd);
            lifetimes.await(LAST_WITHIN);
            watch.check();
            lifetimes.broken().forEach(line -> findings.broken("lateness: " + line));
            WebhookLoad.Report told = ended(chatting);
            Map<String, Long> bytes = Changelogs.now(world.kafka().admin())
                    .bytesSince(before, world.bootstrap(), world.kafka().admin());
            double perSession =
                    (double) bytes.values().stream().mapToLong(n -> n).sum() / options.many();
            double hours = Duration.between(start, clock.instant()).toMillis() / 3_600_000.0;
            return new LatenessFigures(
                    loaded.toMillis() / 1000.0,
                    Percentiles.of(lifetimes.refreshes()),
                    Percentiles.of(lifetimes.expiring()),
                    Percentiles.of(lifetimes.expiries()),
                    Math.round(told.deliveries() / told.seconds()),
                    extended + world.simulator().extended(),
                    rss.mib(),
                    bytes,
                    Math.round(perSession),
                    Math.round(perSession / hours),
                    idle,
                    meanwhile);
        } finally {
            world.stop(processor);
        }
    }

    /** An idle processor whose code is not compiled yet would make every load look cheap. */
    private void warmUp(AuthMeanwhile auth, Set<Long> pids) throws InterruptedException {
        Compilers compilers = Compilers.of(pids);
        double cores = Double.MAX_VALUE;
        // 12 of the usual length.
        long most = options.authLength().dividedBy(AUTH_WARM_UP.dividedBy(4));
        for (int slice = 0; slice < most && cores > COMPILERS_AT_REST; slice++) {
            auth.measure("warm-up", AUTH_WARM_UP);
            cores = compilers.cores();
        }
        if (cores > COMPILERS_AT_REST) {
            findings.remark("lateness: compilers still used %.2f cores when measuring began".formatted(cores));
        }
    }

    /** All active sessions in both shapes, the first time before the first refresh is due, and then on and on. */
    private WebhookLoad.Report chat(WebhookLoad webhooks, Instant firstEnd, Instant lastEnd)
            throws InterruptedException {
        Instant now = clock.instant();
        Duration left = Duration.between(now, firstEnd.minus(options.threshold()));
        if (left.isNegative() || left.isZero()) {
            throw new IllegalStateException("loading took so long that the first refresh is due; use a longer lead");
        }
        double round = 0.6 * left.toMillis() / 1000.0;
        double perSecond = EVENTS_A_ROUND * options.activeSessions() / round;
        progress.say("%,d guests write, %.0f webhooks a second".formatted(options.activeSessions(), perSecond));
        WebhookPlan plan = WebhookPlan.chat(1, options.activeSessions(), perSecond, Duration.between(now, lastEnd));
        return webhooks.run(plan, "life", now, crowd::talk);
    }

    private void adopt(Instant start, Instant firstEnd) {
        for (int from = 0; from < options.activeSessions(); from += ADOPTED_AT_ONCE) {
            var json = new StringBuilder("{\"conversations\":[");
            int to = Math.min(options.activeSessions(), from + ADOPTED_AT_ONCE);
            for (int number = from; number < to; number++) {
                json.append(number == from ? "" : ",")
                        .append("{\"id\":\"")
                        .append(crowd.conversation(number))
                        .append("\",\"guestId\":\"")
                        .append(crowd.guest(number))
                        .append("\",\"channelId\":\"")
                        .append(GuestAuthWorkload.CHANNEL)
                        .append("\",\"createdAt\":\"")
                        .append(start)
                        .append("\",\"expiresAt\":\"")
                        .append(end(number, firstEnd))
                        .append("\"}");
            }
            world.simulator().adopt(json.append("]}").toString());
        }
    }

    private Instant end(int number, Instant firstEnd) {
        long spread = new SplittableRandom(number).nextLong(options.spread().toMillis());
        return Instant.ofEpochMilli(firstEnd.plusMillis(spread).toEpochMilli());
    }

    private void sleepUntil(Instant time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(
                Math.max(0, Duration.between(clock.instant(), time).toMillis()));
    }

    private static WebhookLoad.Report ended(Future<WebhookLoad.Report> chatting) throws InterruptedException {
        try {
            return chatting.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the webhooks broke", e.getCause());
        }
    }
}
