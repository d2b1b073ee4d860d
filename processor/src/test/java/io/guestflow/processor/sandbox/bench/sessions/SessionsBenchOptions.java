package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.GivenOptions;
import io.guestflow.processor.sandbox.bench.UsageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How {@code bench sessions} runs.
 *
 * @param few live sessions at which a tick is measured first
 * @param many live sessions of everything else
 * @param spread over how long the ends of the many lie
 * @param lead from the first opening to the first end: the many must be loaded and the active ones heard of by then
 * @param threshold before its end at which a session is refreshed
 * @param active share of the many whose guests write, in percent
 * @param batches of a thousand that come due at once, for a tick's cost; as many go before to warm up
 * @param events webhooks of the backlog that is worked off
 * @param talkers conversations that they are of
 * @param authLength how long authentications are measured each time
 * @param check whether a missed bound is a failure
 */
record SessionsBenchOptions(
        int few,
        int many,
        Duration spread,
        Duration lead,
        Duration threshold,
        int active,
        int batches,
        int events,
        int talkers,
        Duration authLength,
        Set<Part> only,
        boolean check) {

    /** What can be measured on its own. */
    enum Part {
        /** (a) Cost of a tick, few and many, and (d) memory. */
        TICK,
        /** (f) Restore and takeover. */
        RESTORE,
        /** (b) Lateness, (d) memory and changelogs, (e) authentications meanwhile. */
        LATENESS,
        /** (c) Webhooks a second. */
        EVENTS;

        static Part parse(String name) {
            return Arrays.stream(values())
                    .filter(part -> part.option().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("--only knows " + all() + ", not '" + name + "'"));
        }

        static String all() {
            return Arrays.stream(values()).map(Part::option).collect(Collectors.joining(","));
        }

        private String option() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Below it the margins for CXone's clock and for the call come first, and a refresh is due earlier than we think. */
    private static final Duration LEAST_THRESHOLD = Duration.ofSeconds(20);

    private static final Set<String> FLAGS = Set.of("--quick", "--check");
    private static final Set<String> VALUED = Set.of(
            "--few",
            "--many",
            "--spread-seconds",
            "--lead-seconds",
            "--threshold-seconds",
            "--active-percent",
            "--batches",
            "--events",
            "--talkers",
            "--auth-seconds",
            "--only");

    static final String USAGE = """
            usage: scripts/bench sessions [OPTION]...

            Starts broker, CXone simulator and processor as processes, puts openings on session-events, and measures from
            topics, processes and files: the cost of a tick with few and with many live sessions, how late refreshes and
            expiries are, webhooks applied a second, memory, what it costs authentications, restore and takeover.
            Takes about 45 minutes. Figures go to the screen and, as JSON, to target/bench/sessions-TIME.json.

              --few N                 live sessions at which a tick is measured first (10000)
              --many N                live sessions of everything else (1000000)
              --spread-seconds N      over how long their ends are spread (900)
              --lead-seconds N        from the first opening to the first end (420)
              --threshold-seconds N   before its end at which a session is refreshed, 20 at least (60)
              --active-percent N      share of the sessions whose guests write (10)
              --batches N             of 1,000 due at once, for a tick's cost (20)
              --events N              webhooks in the backlog that is worked off (600000)
              --talkers N             conversations that they are of (100000)
              --auth-seconds N        length of a measurement of 50 authentications/s (60)
              --only PART,...         of tick,restore,lateness,events
              --quick                 a smoke run of a few minutes; its figures mean nothing
              --check                 a missed bound is a failure

            Exit codes: 0 measured, 1 something broke (a session lost, doubled or early), or with --check a bound was missed,
            2 usage.
            """;

    static SessionsBenchOptions defaults() {
        return new SessionsBenchOptions(
                10_000,
                1_000_000,
                Duration.ofMinutes(15),
                Duration.ofMinutes(7),
                Duration.ofSeconds(60),
                10,
                20,
                600_000,
                100_000,
                Duration.ofSeconds(60),
                EnumSet.allOf(Part.class),
                false);
    }

    private static SessionsBenchOptions quick() {
        return new SessionsBenchOptions(
                2_000,
                20_000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                LEAST_THRESHOLD,
                10,
                3,
                30_000,
                2_000,
                Duration.ofSeconds(10),
                EnumSet.allOf(Part.class),
                false);
    }

    /** @throws UsageException for an option that is unknown or has a wrong value, or values that do not go together */
    static SessionsBenchOptions parse(List<String> args) {
        GivenOptions given = GivenOptions.parse(FLAGS, VALUED, args);
        SessionsBenchOptions base = given.has("--quick") ? quick() : defaults();
        var options = new SessionsBenchOptions(
                given.get("--few", base.few, GivenOptions::positive),
                given.get("--many", base.many, GivenOptions::positive),
                given.get("--spread-seconds", base.spread, GivenOptions::seconds),
                given.get("--lead-seconds", base.lead, GivenOptions::seconds),
                given.get("--threshold-seconds", base.threshold, GivenOptions::seconds),
                given.get("--active-percent", base.active, GivenOptions::positive),
                given.get("--batches", base.batches, GivenOptions::positive),
                given.get("--events", base.events, GivenOptions::positive),
                given.get("--talkers", base.talkers, GivenOptions::positive),
                given.get("--auth-seconds", base.authLength, GivenOptions::seconds),
                given.get("--only", base.only, SessionsBenchOptions::parts),
                given.has("--check"));
        if (options.threshold.compareTo(LEAST_THRESHOLD) < 0) {
            throw new UsageException("--threshold-seconds must be at least " + LEAST_THRESHOLD.toSeconds());
        }
        if (options.threshold.multipliedBy(3).compareTo(options.lead) > 0) {
            // Below three of them a third of the lifetime is the threshold, and nothing would be due when we think it
            // is.
            throw new UsageException("--lead-seconds must be at least three times --threshold-seconds");
        }
        if (options.few > options.many || options.active > 100) {
            throw new UsageException("--few must not be more than --many, nor --active-percent more than 100");
        }
        return options;
    }

    boolean runs(Part part) {
        return only.contains(part);
    }

    /** How many of the many are active. */
    int activeSessions() {
        return Math.toIntExact((long) many * active / 100);
    }

    private static Set<Part> parts(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(Part::parse)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    }
}
