package io.guestflow.processor.alerts;

import static io.guestflow.processor.alerts.Given.RULES;
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
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For random facts in random order, read late or at once, with restarts between: the alerts are those of a plain
 * recomputation that keeps every fact and adds up every window from the beginning.
 */
class AlertHistoryTest {
    private static final int SLOTS = 60;
    private static final Duration TICK = Duration.ofSeconds(3);
    /** After which tick of a slot the process restarts, before or after what was counted last is sent; -1 is never. */
    private static final List<Integer> RESTARTS = List.of(-1, -1, -1, -1, 3, 5, 7, 8);

    private static final List<String> CHANNELS = List.of("web-1", "web-2");

    @TempDir
    Path dir;

    private final List<Fact> read = new ArrayList<>();
    private final Map<String, Instant> firing = new HashMap<>();
    private final List<Alert> expected = new ArrayList<>();
    private Instant notBefore = Given.START.plus(Given.SLOT);
    private Instant judged = Instant.EPOCH;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void alertsAreWhatARecomputationSays(long seed) {
        Random random = new Random(seed);
        List<Alert> told = new ArrayList<>();
        try (AlertHarness alerts = new AlertHarness(RULES, dir)) {
            CHANNELS.forEach(channel -> happens(alerts, Given.succeeded(alerts.now(), channel)));
            for (int slot = 0; slot < SLOTS; slot++) {
                int restartAt = RESTARTS.get(random.nextInt(RESTARTS.size()));
                int badness = random.nextInt(4) == 0 ? 3 : 40;
                for (int tick = 0; tick < 10; tick++) {
                    if (tick == 3) {
                        for (int i = random.nextInt(40); i > 0; i--) {
                            happens(alerts, random(random, alerts.now(), badness));
                        }
                    }
                    if (tick == restartAt) {
                        alerts.restart();
                        notBefore = alerts.now().plus(Given.SLOT);
                    }
                    alerts.advance(TICK);
                    recompute(alerts.now());
                }
            }
            told.addAll(alerts.alerts());
        }
        assertEquals(sorted(expected), sorted(told));
        assertTrue(expected.size() > 4, "hardly anything happened: " + expected);
    }

    private void happens(AlertHarness alerts, Fact fact) {
        alerts.fact(fact);
        read.add(fact);
    }

    /** What a tick of the clock leads to. */
    private void recompute(Instant now) {
        Instant end = Instant.ofEpochMilli(RULES.windowEndMs(now.toEpochMilli()));
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
        return switch (random.nextInt(4)) {
            case 0 ->
                bad
                        ? random.nextBoolean()
                                ? Given.ended(at, EndReason.CLOSED_UPSTREAM, EndDetail.GONE)
                                : Given.ended(at, EndReason.REPLACED_UPSTREAM, null)
                        : Given.refreshed(at);
            default -> bad ? Given.failed(at, channel) : Given.succeeded(at, channel);
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
                double rate = all == 0 ? 0 : Math.round(1e6 * bad / all) / 1e6;
                String key = kind + "|" + scope;
                if (!firing.containsKey(key) && all >= 20 && bad * 20 > all) {
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
        return (kind == AlertKind.AUTH_ERROR_RATE) == auth;
    }

    private static boolean isBad(AlertKind kind, Fact fact) {
        return switch (kind) {
            case AUTH_ERROR_RATE -> fact instanceof Fact.AuthFailed;
            case REFRESH_FAILED -> false;
            case REPLACED_UPSTREAM ->
                fact instanceof Fact.SessionEnded ended && ended.endReason() == EndReason.REPLACED_UPSTREAM;
            case GONE_UPSTREAM ->
                fact instanceof Fact.SessionEnded ended && ended.endReason() == EndReason.CLOSED_UPSTREAM;
        };
    }

    private static List<Alert> sorted(List<Alert> alerts) {
        return alerts.stream()
                .sorted(Comparator.comparing(Alert::since).thenComparing(Alert::key))
                .toList();
    }

    static LongStream seeds() {
        return LongStream.range(0, 4);
    }
}
