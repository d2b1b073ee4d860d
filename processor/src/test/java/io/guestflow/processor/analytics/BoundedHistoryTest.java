package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long histories with everything that goes wrong: kills that undo what was not committed, clocks that differ, facts beyond
 * the retention, more channels than a window tells apart. What was left out is known, and nothing else is missing or twice.
 */
class BoundedHistoryTest {
    private static final Duration RETENTION = Duration.ofMinutes(2);
    private static final int MOST = 2;
    private static final AnalyticsRules RULES = Given.rules(MOST, false, RETENTION, "web");
    private static final List<String> CHANNELS = List.of("web", "a", "b", "c", "d");
    private static final int ROUNDS = 250;

    @TempDir
    private Path stateDir;

    /** A fact as it was told, and whether it must count. */
    private record Told(Fact fact, boolean counts) {}

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsMissingAndNothingIsTwice(long seed) {
        Random random = new Random(seed);
        List<Told> told = new ArrayList<>();
        try (AnalyticsHarness analytics = new AnalyticsHarness(RULES, stateDir)) {
            AnalyticsHarness.Committed committed = analytics.committed();
            int committedFacts = 0;
            for (int round = 0; round < ROUNDS; round++) {
                Told next = told(analytics.now(), random);
                told.add(next);
                analytics.fact(next.fact());
                switch (random.nextInt(40)) {
                    case 0, 1, 2, 3 -> analytics.advance(Duration.ofMillis(random.nextInt(30_000)));
                    case 4 -> analytics.moveToClock(analytics.now().plusMillis(random.nextInt(10_000) - 5_000));
                    case 5 -> analytics.behind();
                    case 6 -> analytics.caughtUp();
                    case 7 -> {
                        analytics.killed(committed);
                        committed = analytics.committed();
                        List<Told> again = List.copyOf(told.subList(committedFacts, told.size()));
                        told.subList(committedFacts, told.size()).clear();
                        again.forEach(fact -> {
                            told.add(new Told(fact.fact(), counts(fact.fact(), analytics.now())));
                            analytics.fact(fact.fact());
                        });
                    }
                    default -> {}
                }
                if (random.nextInt(10) == 0) {
                    committed = analytics.committed();
                    committedFacts = told.size();
                }
            }
            analytics.caughtUp();
            analytics.advance(Duration.ofMinutes(3));
            check(told, analytics);
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void nothingIsMissingAndNothingIsTwiceWithMoreSeeds(long seed) {
        nothingIsMissingAndNothingIsTwice(seed);
    }

    private static void check(List<Told> told, AnalyticsHarness analytics) {
        Map<String, Long> all = new TreeMap<>();
        Map<String, Long> web = new TreeMap<>();
        told.stream().filter(Told::counts).forEach(it -> {
            String start =
                    Window.at(it.fact().at().toEpochMilli(), 60_000).start().toString();
            all.merge(start, 1L, Long::sum);
            if ("web".equals(it.fact().dimensions().channelId())) {
                web.merge(start, 1L, Long::sum);
            }
        });
        Map<String, Long> published = new TreeMap<>();
        Map<String, Long> publishedWeb = new TreeMap<>();
        Map<String, Integer> rows = new TreeMap<>();
        for (MetricsWindow window : analytics.last().values()) {
            String start = window.windowStart().toString();
            long messages = window.messages().inbound();
            published.merge(start, messages, Long::sum);
            rows.merge(start, 1, Integer::sum);
            if (window.channelId().equals("web")) {
                publishedWeb.put(start, messages);
            }
        }
        assertEquals(all, published);
        assertEquals(web, publishedWeb);
        rows.forEach((start, count) -> assertTrue(count <= MOST + 2, count + " rows of " + start));
        revisions(analytics.history());
    }

    /** They count up without a gap. */
    private static void revisions(List<AnalyticsHarness.Published> history) {
        Map<String, AnalyticsHarness.Published> last = new TreeMap<>();
        for (AnalyticsHarness.Published next : history) {
            String key = next.window().key();
            AnalyticsHarness.Published before = last.put(key, next);
            int revision = before == null ? 0 : before.window().revision();
            assertEquals(revision + 1, next.window().revision(), key);
        }
    }

    private static Told told(Instant now, Random random) {
        // Most are of now, some are late, some of them too late.
        Duration ago = Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(12_000));
        Instant at = now.minus(ago).isBefore(START) ? START : now.minus(ago);
        Dimensions dimensions = new Dimensions(CHANNELS.get(random.nextInt(CHANNELS.size())), null, null);
        Fact fact = Given.message(at, dimensions, Direction.INBOUND);
        return new Told(fact, counts(fact, now));
    }

    private static boolean counts(Fact fact, Instant now) {
        Window window = Window.at(fact.at().toEpochMilli(), 60_000);
        return now.toEpochMilli() < RULES.countsUntilMs(window);
    }

    static LongStream seeds() {
        return LongStream.range(0, 4);
    }

    static LongStream moreSeeds() {
        return LongStream.range(4, 8);
    }
}
