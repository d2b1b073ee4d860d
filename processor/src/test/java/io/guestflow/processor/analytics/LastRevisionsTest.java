package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.START;
import static io.guestflow.processor.analytics.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For the same facts the last revisions are the same: whatever their order, the interruptions, and the partitions. */
class LastRevisionsTest {
    private static final Duration AT_THE_LATEST = Duration.ofSeconds(10);
    private static final AnalyticsRules RULES = new AnalyticsRules(
            List.of(MINUTE, Duration.ofMinutes(5), Duration.ofHours(1)),
            GRACE,
            true,
            false,
            1_000,
            Duration.ofHours(48),
            Set.of());
    private static final int FACTS = 200;
    private static final int BUSY_FACTS = 1_000;
    private static final int KILLS_MOST = 10;
    private static final List<String> CHANNELS = List.of("web", "app", "a|b %");
    private static final List<String> SEGMENTS = List.of("anonymous", "vip");

    @TempDir
    private Path stateDir;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomFactsInRandomOrderWithRestarts(long seed) {
        Random random = new Random(seed);
        List<Fact> facts = facts(random);
        try (AnalyticsHarness analytics = new AnalyticsHarness(RULES, stateDir)) {
            analytics.advance(Duration.ofMinutes(3));
            for (Fact fact : facts) {
                analytics.fact(fact);
                switch (random.nextInt(60)) {
                    case 0 -> analytics.restart();
                    case 1 -> analytics.behind();
                    case 2 -> analytics.caughtUp();
                    case 3 -> analytics.partials().forEach(analytics::partial);
                    case 4, 5, 6 -> analytics.advance(Duration.ofMillis(random.nextInt(20_000)));
                    default -> {}
                }
            }
            analytics.restart();
            analytics.caughtUp();
            analytics.advanceTo(START.plus(Duration.ofHours(1)).plus(GRACE).plus(AT_THE_LATEST));
            assertSame(new Recomputation(RULES, facts), analytics.last());
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void randomFactsInRandomOrderWithRestartsWithMoreSeeds(long seed) {
        randomFactsInRandomOrderWithRestarts(seed);
    }

    /** So many values in a row that they are packed, over and over, with kills that undo some of it. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRowOfManyValuesHasEachOnce(long seed) {
        Random random = new Random(seed);
        List<Fact> facts = busy(random);
        try (AnalyticsHarness analytics = new AnalyticsHarness(RULES, stateDir)) {
            analytics.advance(Duration.ofMinutes(3));
            AnalyticsHarness.Committed committed = analytics.committed();
            int committedFacts = 0;
            int kills = 0;
            for (int next = 0; next < facts.size(); next++) {
                analytics.fact(facts.get(next));
                switch (random.nextInt(50)) {
                    case 0 -> {
                        if (kills++ < KILLS_MOST) {
                            analytics.killed(committed);
                            committed = analytics.committed();
                            next = committedFacts - 1;
                        }
                    }
                    case 1, 2, 3 -> {
                        committed = analytics.committed();
                        committedFacts = next + 1;
                    }
                    case 4 -> analytics.advance(Duration.ofMillis(random.nextInt(20_000)));
                    default -> {}
                }
            }
            analytics.advanceTo(START.plus(Duration.ofHours(1)).plus(GRACE).plus(AT_THE_LATEST));
            assertSame(new Recomputation(RULES, facts), analytics.last());
        }
    }

    /** Of one channel, and most of them tell how long something took. */
    private static List<Fact> busy(Random random) {
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < BUSY_FACTS; i++) {
            Instant at = START.plusMillis(random.nextInt(240_000));
            facts.add(
                    switch (random.nextInt(5)) {
                        case 0, 1 -> Given.succeeded(at, WEB, Math.round(Math.exp(5 + random.nextGaussian())));
                        case 2, 3 ->
                            Given.ended(
                                    at,
                                    WEB,
                                    pick(EndReason.values(), random),
                                    Duration.ofSeconds(random.nextInt(10_000)));
                        default -> Given.message(at, WEB, pick(Direction.values(), random));
                    });
        }
        return facts;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomFactsInSeveralPartitionsWhosePartsComeInAnyOrderAndMoreThanOnce(long seed) {
        Random random = new Random(seed);
        List<Fact> facts = facts(random);
        List<List<Fact>> partitions = new ArrayList<>();
        for (int partition = 0; partition < 4; partition++) {
            partitions.add(new ArrayList<>());
        }
        facts.forEach(fact -> partitions.get(random.nextInt(partitions.size())).add(fact));
        List<List<MetricsPartial.Part>> parts = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            parts.add(parts(partitions.get(partition), partition, random));
        }
        try (AnalyticsHarness analytics = new AnalyticsHarness(RULES, stateDir)) {
            analytics.advance(Duration.ofMinutes(3));
            List<Integer> turns = new ArrayList<>();
            for (int partition = 0; partition < parts.size(); partition++) {
                turns.addAll(Collections.nCopies(parts.get(partition).size(), partition));
            }
            Collections.shuffle(turns, random);
            int[] next = new int[parts.size()];
            for (int partition : turns) {
                MetricsPartial.Part part = parts.get(partition).get(next[partition]++);
                for (int times = random.nextInt(3); times >= 0; times--) {
                    analytics.partial(part);
                }
                switch (random.nextInt(30)) {
                    case 0 -> analytics.restart();
                    case 1, 2 -> analytics.advance(Duration.ofMillis(random.nextInt(10_000)));
                    default -> {}
                }
            }
            analytics.advanceTo(START.plus(Duration.ofHours(1)).plus(GRACE).plus(AT_THE_LATEST));
            assertSame(new Recomputation(RULES, facts), analytics.last());
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void randomFactsInSeveralPartitionsWhosePartsComeInAnyOrderAndMoreThanOnceWithMoreSeeds(long seed) {
        randomFactsInSeveralPartitionsWhosePartsComeInAnyOrderAndMoreThanOnce(seed);
    }

    /** Everything that a task of that partition sends, some of it revised. */
    private List<MetricsPartial.Part> parts(List<Fact> facts, int partition, Random random) {
        List<MetricsPartial.Part> parts = new ArrayList<>();
        try (AnalyticsHarness analytics = new AnalyticsHarness(RULES, stateDir)) {
            analytics.advance(Duration.ofMinutes(3));
            for (Fact fact : facts) {
                analytics.fact(fact);
                if (random.nextInt(20) == 0) {
                    analytics.advance(Duration.ofSeconds(10));
                }
            }
            analytics.advanceTo(START.plus(Duration.ofHours(1)).plus(GRACE).plus(AT_THE_LATEST));
            analytics.partials().forEach(part -> parts.add(Given.ofPartition(part, partition)));
        }
        return parts;
    }

    private static void assertSame(Recomputation expected, Map<String, MetricsWindow> published) {
        assertEquals(expected.exactParts(), Recomputation.exactParts(published));
        expected.eachPercentile(
                published,
                (what, exact, told) -> assertTrue(
                        told >= exact && told <= exact * (1 + Sketch.RELATIVE_ERROR),
                        what + ": " + told + " for " + exact));
    }

    /** Of three minutes that have passed and one that is to come, as clocks differ. */
    private static List<Fact> facts(Random random) {
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < FACTS; i++) {
            Instant at = START.plusMillis(random.nextInt(240_000));
            Dimensions dimensions = new Dimensions(
                    CHANNELS.get(random.nextInt(CHANNELS.size())),
                    random.nextInt(5) == 0 ? null : SEGMENTS.get(random.nextInt(SEGMENTS.size())),
                    "campaign-" + i);
            facts.add(
                    switch (random.nextInt(9)) {
                        case 0, 1, 2 ->
                            Given.succeeded(at, dimensions, Math.round(Math.exp(5 + random.nextGaussian())));
                        case 3 -> Given.rejected(at, dimensions, ErrorCode.CONSENT_REQUIRED);
                        case 4 -> Given.failed(at, dimensions, pick(ErrorCode.values(), random));
                        case 5 -> Given.opened(at, dimensions);
                        case 6 -> Given.refreshed(at, dimensions);
                        case 7 ->
                            Given.ended(
                                    at,
                                    dimensions,
                                    pick(EndReason.values(), random),
                                    Duration.ofSeconds(random.nextInt(10_000)));
                        default -> Given.message(at, dimensions, pick(Direction.values(), random));
                    });
        }
        return facts;
    }

    private static <E> E pick(E[] from, Random random) {
        return from[random.nextInt(from.length)];
    }

    static LongStream seeds() {
        return LongStream.range(0, 2);
    }

    static LongStream moreSeeds() {
        return LongStream.range(2, 4);
    }
}
