package io.guestflow.processor.alerts;

import static io.guestflow.processor.alerts.Given.RULES;
import static io.guestflow.processor.alerts.Given.SLOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For random facts in random order, in two partitions, read late or at once, with restarts between: the alerts are those of
 * a plain recomputation that keeps every fact and adds up every window from the beginning.
 */
class AlertHistoryTest {
    private static final int SLOTS = 60;
    private static final Duration TICK = Duration.ofSeconds(3);
    /** A window is judged so long after its end, and nothing so soon after a start. */
    private static final Duration SETTLED = TICK.multipliedBy(2);
    /** After which tick of a slot the process restarts, before or after what was counted last is sent; -1 is never. */
    private static final List<Integer> RESTARTS = List.of(-1, -1, -1, -1, 1, 3, 5, 7, 8);

    private static final List<String> CHANNELS = List.of("web-1", "web-2");

    @TempDir
    Path dir;

    private final List<Fact> read = new ArrayList<>();
    /** What the second partition comes to, by slot and scope. */
    private final Map<Long, Map<String, Counts>> second = new TreeMap<>();

    private final Map<String, Instant> firing = new HashMap<>();
    private final List<Alert> expected = new ArrayList<>();
    private Instant notBefore = Given.START.plus(SETTLED);
    private Instant judged = Instant.EPOCH;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void alertsAreWhatARecomputationSays(long seed) {
        Random random = new Random(seed);
        List<Alert> told = new ArrayList<>();
        try (AlertHarness alerts = new AlertHarness(RULES, dir, 2)) {
            CHANNELS.forEach(channel -> happens(alerts, Given.succeeded(alerts.now(), channel), 0));
            for (int slot = 0; slot < SLOTS; slot++) {
                int restartAt = RESTARTS.get(random.nextInt(RESTARTS.size()));
                int badness = random.nextInt(4) == 0 ? 3 : 40;
                for (int tick = 0; tick < 10; tick++) {
                    if (tick == 3) {
                        for (int i = random.nextInt(60); i > 0; i--) {
                            happens(alerts, random(random, alerts.now(), badness), random.nextInt(2));
                        }
                    }
                    if (tick == restartAt) {
                        alerts.restart();
                        notBefore = alerts.now().plus(SETTLED);
                    }
                    secondTells(alerts);
                    alerts.advance(TICK);
                    recompute(alerts.now());
                }
            }
            told.addAll(alerts.alerts());
        }
        assertEquals(sorted(expected), sorted(told));
        assertTrue(expected.size() > 4, "hardly anything happened: " + expected);
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void alertsAreWhatARecomputationSaysWithMoreSeeds(long seed) {
        alertsAreWhatARecomputationSays(seed);
    }

    private void happens(AlertHarness alerts, Fact fact, int partition) {
        read.add(fact);
        if (partition == 0) {
            alerts.fact(fact);
            return;
        }
        long atMs = fact.at().toEpochMilli();
        Map<String, Counts> scopes =
                second.computeIfAbsent(atMs - Math.floorMod(atMs, SLOT.toMillis()), slot -> new TreeMap<>());
        scopes.merge(Alert.ALL, Counts.of(fact), Counts::plus);
        String channel = fact.dimensions().channelId();
        if (channel != null) {
            scopes.merge(Alert.channel(channel), Counts.of(fact), Counts::plus);
        }
    }

    /** All that is not over, again and again, and that this was all. */
    private void secondTells(AlertHarness alerts) {
        long oldestMs = alerts.now().minus(RULES.window()).toEpochMilli();
        second.forEach((slotMs, scopes) -> scopes.forEach((scope, counts) -> {
            if (slotMs >= oldestMs) {
                alerts.counts(counts.told(scope, slotMs, SLOT.toMillis(), 1));
            }
        }));
        alerts.read(1, alerts.now());
    }

    /** What a tick of the clock leads to. */
    private void recompute(Instant now) {
        long settledMs = now.minus(SETTLED).toEpochMilli();
        Instant end = Instant.ofEpochMilli(settledMs - Math.floorMod(settledMs, SLOT.toMillis()));
        if (!now.isBefore(notBefore) && end.isAfter(judged)) {
            judged = end;
            expected.addAll(recomputed(end));
        }
    }

    /** Up to seven minutes old, a third of them too old to count when they are read. */
    private static Fact random(Random random, Instant now, int badness) {
        Instant at = now.minusSeconds(random.nextInt(3) == 0 ? random.nextInt(420) : random.nextInt(9));
        String channel = random.nextInt(9) == 0 ? null : CHANNELS.get(random.nextInt(CHANNELS.size()));
        boolean bad = random.nextInt(badness) == 0;
        if (random.nextInt(3) > 0) {
            return bad ? Given.failed(at, channel) : Given.succeeded(at, channel);
        }
        if (!bad) {
            return Given.refreshed(at);
        }
        return switch (random.nextInt(5)) {
            case 0, 1 -> Given.ended(at, EndReason.REFRESH_FAILED, "UPSTREAM_ERROR");
            case 2 -> Given.ended(at, EndReason.REFRESH_FAILED, EndDetail.TOO_LATE);
            case 3 -> Given.ended(at, EndReason.CLOSED_UPSTREAM, EndDetail.GONE);
            default -> Given.ended(at, EndReason.REPLACED_UPSTREAM, null);
        };
    }

    /** What is told at the end of a window, from all facts that were read by then. */
    private List<Alert> recomputed(Instant end) {
        List<Alert> told = new ArrayList<>();
        Set<String> scopes = new TreeSet<>(List.of(Alert.ALL));
        CHANNELS.forEach(channel -> scopes.add(Alert.channel(channel)));
        for (String scope : scopes) {
            List<Fact> window = read.stream()
                    .filter(fact -> !fact.at().isBefore(end.minus(RULES.window()))
                            && fact.at().isBefore(end))
                    .filter(fact -> scope.equals(Alert.ALL)
                            || scope.equals("channel:" + fact.dimensions().channelId()))
                    .toList();
            for (AlertKind kind : AlertKind.values()) {
                long all = window.stream().filter(fact -> concerns(kind, fact)).count();
                long bad = window.stream().filter(fact -> isBad(kind, fact)).count();
                long least = kind == AlertKind.AUTH_ERROR_RATE ? 20 : 5;
                double rate = all == 0 ? 0 : Math.round(1e6 * bad / all) / 1e6;
                String key = kind + "|" + scope;
                if (!firing.containsKey(key) && all >= least && bad * 20 > all) {
                    firing.put(key, end);
                    told.add(Given.alert(kind, scope, AlertState.FIRING, rate, end));
                } else if (firing.containsKey(key) && bad * 40 <= all) {
                    firing.remove(key);
                    told.add(Given.alert(kind, scope, AlertState.RESOLVED, rate, end));
                }
            }
        }
        return told;
    }

    private static boolean concerns(AlertKind kind, Fact fact) {
        boolean auth = fact instanceof Fact.AuthSucceeded || fact instanceof Fact.AuthFailed;
        return kind == AlertKind.AUTH_ERROR_RATE ? auth : !auth && !isTooLate(fact);
    }

    private static boolean isTooLate(Fact fact) {
        return fact instanceof Fact.SessionEnded ended && "TOO_LATE".equals(ended.detail());
    }

    private static boolean isBad(AlertKind kind, Fact fact) {
        return switch (kind) {
            case AUTH_ERROR_RATE -> fact instanceof Fact.AuthFailed;
            case REFRESH_FAILED -> ends(fact, EndReason.REFRESH_FAILED) && !isTooLate(fact);
            case REPLACED_UPSTREAM -> ends(fact, EndReason.REPLACED_UPSTREAM);
            case GONE_UPSTREAM -> ends(fact, EndReason.CLOSED_UPSTREAM);
        };
    }

    private static boolean ends(Fact fact, EndReason reason) {
        return fact instanceof Fact.SessionEnded ended && ended.endReason() == reason;
    }

    private static List<Alert> sorted(List<Alert> alerts) {
        return alerts.stream()
                .sorted(Comparator.comparing(Alert::since).thenComparing(Alert::key))
                .toList();
    }

    static LongStream seeds() {
        return LongStream.range(0, 2);
    }

    static LongStream moreSeeds() {
        return LongStream.range(2, 4);
    }
}
