package io.guestflow.processor.sandbox.bench.analytics;

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
 * How {@code bench analytics} runs.
 *
 * @param warmUp of new processes under load, at the least
 * @param warmUpAtMost how much longer it may go on until the compilers are at rest
 * @param rounds of each rate that is measured
 * @param backlog how long the backlog of a round is to last: what a machine works off a second decides how large it is
 * @param channels that facts are of
 * @param talkers conversations that webhooks are of
 * @param live how facts come while lateness is measured
 * @param wide the same with many dimensions
 * @param check whether a missed bound is a failure
 */
record AnalyticsBenchOptions(
        Duration warmUp,
        Duration warmUpAtMost,
        int rounds,
        Duration backlog,
        int channels,
        int talkers,
        Live live,
        Live wide,
        Set<Part> only,
        boolean check) {

    /**
     * Facts that come as they happen.
     *
     * @param channels that they are of
     * @param perSecond how many; 0 is a share of what the processor counts a second when it has a backlog
     * @param window how long windows are
     * @param windows how many of them are measured
     * @param settles so long facts come in this way before the first window that is measured begins, at the least
     */
    record Live(int channels, int perSecond, Duration window, int windows, Duration settles) {

        /** The same at that rate. */
        Live at(int factsPerSecond) {
            return new Live(channels, factsPerSecond, window, windows, settles);
        }
    }

    /** What can be measured on its own. */
    enum Part {
        /** (a) Facts a second beside a bare count. */
        FACTS,
        /** (b) Webhooks a second to windows. */
        WEBHOOKS,
        /** (c) Lateness of windows under load. */
        LATENESS,
        /** (d) State, (e) memory, with many dimensions, and (c) lateness there. */
        DIMENSIONS;

        static Part parse(String name) {
            return Arrays.stream(values())
                    .filter(part -> part.option().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("--only knows " + all() + ", not '" + name + "'"));
        }

        static String all() {
            return Arrays.stream(values()).map(Part::option).collect(Collectors.joining(","));
        }

        String option() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Backlogs of the warm-up last a sixth of those that are measured. */
    private static final int SLICES = 6;

    /** A window tells no more values of a dimension apart, whatever the settings say. */
    private static final int DIMENSIONS_MOST = 10_000;

    private static final Set<String> FLAGS = Set.of("--quick", "--check");
    private static final Set<String> VALUED = Set.of(
            "--warmup",
            "--warmup-at-most",
            "--rounds",
            "--backlog",
            "--channels",
            "--talkers",
            "--live-rate",
            "--live-windows",
            "--dimensions",
            "--dimensions-rate",
            "--dimensions-windows",
            "--only");

    static final String USAGE = """
            usage: scripts/bench analytics [OPTION]...

            Starts broker, CXone simulator, the whole processor with its defaults, and a bare Kafka Streams windowed count as
            processes, and measures from topics, processes and files: facts worked off a second beside the bare count of the
            same records, webhooks a second until their windows are out, how late windows come under load, what a window keeps,
            memory with many dimensions. Takes about 22 minutes on 2 cores. Figures go to the screen and, as JSON, to
            target/bench/analytics-TIME.json.

              --warmup N              seconds of load on new processes before anything counts (30)
              --warmup-at-most N      seconds more until the compilers of all JVMs are at rest (45)
              --rounds N              of system and bare count in turns, and of webhooks (3)
              --backlog N             seconds that the backlog of a round is to last, of facts as of webhooks (60)
              --channels N            channels that facts and webhooks are of (20)
              --talkers N             conversations that webhooks are of (20000)
              --live-rate R           facts a second while lateness is measured (half of what is worked off of a backlog)
              --live-windows N        windows of 10 s that are measured then (12)
              --dimensions N          channels of the part with many, 10000 at most (10000)
              --dimensions-rate R     facts a second then (a quarter of what is worked off of a backlog)
              --dimensions-windows N  windows of a minute that are measured then (3)
              --only PART,...         of facts,webhooks,lateness,dimensions
              --quick                 a smoke run of a few minutes; its figures mean nothing
              --check                 a missed bound is a failure

            Exit codes: 0 measured, 1 something broke (a fact that no window has, or has twice), or with --check a bound was
            missed, 2 usage.
            """;

    static AnalyticsBenchOptions defaults() {
        return new AnalyticsBenchOptions(
                Duration.ofSeconds(30),
                Duration.ofSeconds(45),
                3,
                Duration.ofSeconds(60),
                20,
                20_000,
                new Live(20, 0, Duration.ofSeconds(10), 12, Duration.ofSeconds(10)),
                new Live(DIMENSIONS_MOST, 0, Duration.ofMinutes(1), 3, Duration.ofSeconds(10)),
                EnumSet.allOf(Part.class),
                false);
    }

    private static AnalyticsBenchOptions quick() {
        return new AnalyticsBenchOptions(
                Duration.ofSeconds(5),
                Duration.ZERO,
                1,
                Duration.ofSeconds(6),
                5,
                1_000,
                new Live(5, 0, Duration.ofSeconds(5), 2, Duration.ofSeconds(1)),
                new Live(500, 0, Duration.ofSeconds(10), 2, Duration.ofSeconds(1)),
                EnumSet.allOf(Part.class),
                false);
    }

    /** @throws UsageException for an option that is unknown or has a wrong value, or values that do not go together */
    static AnalyticsBenchOptions parse(List<String> args) {
        GivenOptions given = GivenOptions.parse(FLAGS, VALUED, args);
        AnalyticsBenchOptions base = given.has("--quick") ? quick() : defaults();
        int channels = given.get("--channels", base.channels, GivenOptions::positive);
        var options = new AnalyticsBenchOptions(
                given.get("--warmup", base.warmUp, GivenOptions::seconds),
                given.get("--warmup-at-most", base.warmUpAtMost, GivenOptions::seconds),
                given.get("--rounds", base.rounds, GivenOptions::positive),
                given.get("--backlog", base.backlog, GivenOptions::seconds),
                channels,
                given.get("--talkers", base.talkers, GivenOptions::positive),
                new Live(
                        channels,
                        given.get("--live-rate", base.live.perSecond, GivenOptions::positive),
                        base.live.window,
                        given.get("--live-windows", base.live.windows, GivenOptions::positive),
                        base.live.settles),
                new Live(
                        given.get("--dimensions", base.wide.channels, GivenOptions::positive),
                        given.get("--dimensions-rate", base.wide.perSecond, GivenOptions::positive),
                        base.wide.window,
                        given.get("--dimensions-windows", base.wide.windows, GivenOptions::positive),
                        base.wide.settles),
                given.get("--only", base.only, AnalyticsBenchOptions::parts),
                given.has("--check"));
        if (options.wide.channels > DIMENSIONS_MOST || options.channels > DIMENSIONS_MOST) {
            throw new UsageException("--dimensions and --channels must be at most " + DIMENSIONS_MOST
                    + ": a window tells no more apart");
        }
        return options;
    }

    /** How long a backlog of the warm-up is to last. */
    Duration slice() {
        return backlog.dividedBy(SLICES);
    }

    boolean runs(Part part) {
        return only.contains(part);
    }

    private static Set<Part> parts(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(Part::parse)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    }
}
