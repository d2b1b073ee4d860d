package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.GroupOffsets;
import io.guestflow.processor.sandbox.bench.PeakRss;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import io.guestflow.processor.sandbox.webhooks.WebhookLoad;
import io.guestflow.processor.sandbox.webhooks.WebhookPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Puts a backlog of webhooks on {@code cxone-events} while the processor is down, starts it, and follows the offsets that
 * it commits: an event is applied when its transaction has committed the offset behind it, on both topics.
 */
final class EventRate {
    private static final String GROUP = "guestflow-sessions";
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration APPLIED_WITHIN = Duration.ofMinutes(15);
    private static final int SHAPED_AS_PER_SECOND = 1_000;
    private static final byte[] MESSAGE_SEEN = "\"MessageSeen\"".getBytes(StandardCharsets.UTF_8);

    private final SessionsBenchOptions options;
    private final World world;
    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;
    private final GroupOffsets offsets;
    private final Crowd crowd = new Crowd("talk");

    EventRate(SessionsBenchOptions options, World world, InstantSource clock, Progress progress, Findings findings) {
        this.options = options;
        this.world = world;
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
        this.offsets = new GroupOffsets(world.kafka().admin());
    }

    private record Look(long nanos, long applied) {}

    EventFigures measure() throws InterruptedException {
        progress.say("webhooks: opening the conversations that they are of");
        world.wipe();
        ProcessorProcess first = world.start("first");
        try (Watch watch = Watch.start(world.bootstrap(), clock);
                Openings openings = new Openings(world.bootstrap(), World.PARTITIONS)) {
            Loading.load(
                    crowd,
                    0,
                    options.talkers(),
                    clock.instant(),
                    Loading.far(clock),
                    openings,
                    watch,
                    APPLIED_WITHIN,
                    progress);
        }
        world.stop(first);
        WebhookLoad.Report backlog = backlog();
        progress.say("%,d webhooks of %.0f bytes wait".formatted(backlog.deliveries(), backlog.bytesPerDelivery()));
        Map<TopicPartition, Long> before = offsets.ends(Topics.SESSION_EVENTS.name());
        ProcessorProcess processor = world.start("first");
        try (PeakRss rss = PeakRss.of(processor::rssBytes)) {
            List<Look> looks = follow(before);
            Look last = looks.getLast();
            Look fifth = looks.stream()
                    .filter(look -> look.applied >= last.applied / 5)
                    .findFirst()
                    .orElse(last);
            double all = backlog.deliveries() / seconds(looks.getFirst(), last);
            double steady = backlog.deliveries()
                    * ((double) (last.applied - fifth.applied) / last.applied)
                    / seconds(fifth, last);
            progress.say("%.0f webhooks a second, %.0f when warm".formatted(all, steady));
            return new EventFigures(
                    backlog.deliveries(),
                    Math.round(backlog.bytesPerDelivery()),
                    Math.round(all),
                    Math.round(steady),
                    messages(backlog),
                    rss.mib());
        } finally {
            world.stop(processor);
        }
    }

    private WebhookLoad.Report backlog() throws InterruptedException {
        Duration length = Duration.ofSeconds(options.events() / SHAPED_AS_PER_SECOND);
        WebhookPlan plan = WebhookPlan.chat(2, options.talkers(), SHAPED_AS_PER_SECOND, length);
        try (WebhookLoad webhooks =
                new WebhookLoad(world.bootstrap(), Topics.CXONE_EVENTS.name(), WebhookBodies.asIntakeReadsThem())) {
            return webhooks.runUnpaced(plan, "talk", clock.instant().minus(length), crowd::talk);
        }
    }

    /** How many session events had been applied when, from the start until all webhooks are. */
    private List<Look> follow(Map<TopicPartition, Long> before) throws InterruptedException {
        List<Look> looks = new ArrayList<>();
        looks.add(new Look(System.nanoTime(), 0));
        long deadline = System.nanoTime() + APPLIED_WITHIN.toNanos();
        Map<TopicPartition, Long> webhooksEnd = offsets.ends(Topics.CXONE_EVENTS.name());
        // Marks follow for ever: the end that counts is the one at the time at which intake has read everything.
        Map<TopicPartition, Long> eventsEnd = null;
        while (System.nanoTime() - deadline < 0) {
            Map<TopicPartition, Long> committed = offsets.committed(GROUP);
            long now = System.nanoTime();
            looks.add(new Look(
                    now,
                    before.entrySet().stream()
                            .mapToLong(
                                    start -> Math.max(0, committed.getOrDefault(start.getKey(), 0L) - start.getValue()))
                            .sum()));
            if (eventsEnd == null && reached(committed, webhooksEnd)) {
                eventsEnd = offsets.ends(Topics.SESSION_EVENTS.name());
            }
            if (eventsEnd != null && reached(committed, eventsEnd)) {
                return looks;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
        throw new IllegalStateException("the webhooks were not applied within " + APPLIED_WITHIN);
    }

    private static boolean reached(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** Every message must have become one fact, however often it was told of. */
    private long messages(WebhookLoad.Report backlog) {
        long facts = 0;
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        world.bootstrap(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.GUEST_FACTS.name()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    facts += contains(record.value(), MESSAGE_SEEN) ? 1 : 0;
                }
            }
        }
        // Of the two events of a message that goes out, a plan may end after the first.
        long expected = backlog.count(Happening.INBOUND) + backlog.count(Happening.OUTBOUND_SENT);
        if (facts != expected) {
            findings.broken("webhooks: %,d messages were told of, %,d became facts".formatted(expected, facts));
        }
        return facts;
    }

    private static boolean contains(byte[] value, byte[] part) {
        for (int i = 0; i + part.length <= value.length; i++) {
            int j = 0;
            while (j < part.length && value[i + j] == part[j]) {
                j++;
            }
            if (j == part.length) {
                return true;
            }
        }
        return false;
    }

    private static double seconds(Look from, Look to) {
        return Math.max(1, to.nanos - from.nanos) / 1e9;
    }
}
