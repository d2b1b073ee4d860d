package io.guestflow.processor.sandbox.bench.auth;

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
 * How {@code bench auth} runs.
 *
 * @param rates requests a second at which latency is compared with the floor's
 * @param length of what is measured of one run
 * @param warmUp of new processes, under load
 * @param warmUpAtMost how much longer it may go on until the compilers are at rest
 * @param settle first part of each run, which does not count
 * @param rounds pairs of floor and system at each rate; the rate that bounds hold at gets one more
 * @param hold how long a rate must be held
 * @param check whether a missed bound is a failure
 */
record AuthBenchOptions(
        List<Integer> rates,
        Duration length,
        Duration warmUp,
        Duration warmUpAtMost,
        Duration settle,
        int rounds,
        Duration hold,
        int holdFrom,
        int holdStep,
        int holdTo,
        int readyStarts,
        Set<Part> only,
        boolean check) {

    /** What can be measured on its own. */
    enum Part {
        /** Latency beside the floor under exactly_once_v2. */
        EOS,
        /** The same under at_least_once. */
        ALOS,
        HELD,
        CEILING,
        READY;

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

    /** The rate that the bounds on latency hold at. */
    static final int BOUND_RATE = 200;

    private static final Set<String> FLAGS = Set.of("--quick", "--check");
    private static final Set<String> VALUED = Set.of(
            "--rates",
            "--seconds",
            "--warmup",
            "--warmup-at-most",
            "--rounds",
            "--hold-seconds",
            "--hold-from",
            "--hold-step",
            "--hold-to",
            "--only");

    static final String USAGE = """
            usage: scripts/bench auth [OPTION]...

            Starts broker, CXone simulator (60 ms a call), processor and floor as processes, and compares them in one run:
            added latency beside bare Kafka pass-throughs, the highest rate held beside bare HTTP calls, memory, start.
            Takes about 12 minutes. Figures go to the screen and, as JSON, to target/bench/auth-TIME.json.

              --rates R,R,...    requests a second at which latency is measured (50,200,500)
              --seconds N        length of one measurement (10)
              --warmup N         seconds of load on new processes before the first measurement (50)
              --warmup-at-most N seconds more until the compilers of all JVMs are at rest (240)
              --rounds N         pairs of floor and system at each rate, one more at 200/s (2)
              --hold-seconds N   how long a rate must be held (30)
              --hold-from R      first rate tried (400)
              --hold-step R      step to the next (200)
              --hold-to R        last rate tried (3000)
              --only PART,...    of eos,alos,held,ceiling,ready
              --quick            a smoke run of less than a minute; its figures mean nothing
              --check            a missed bound is a failure

            Exit codes: 0 measured, 1 something broke (lost, doubled or wrong answers), or with --check a bound was
            missed, 2 usage.
            """;

    static AuthBenchOptions defaults() {
        return new AuthBenchOptions(
                List.of(50, BOUND_RATE, 500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(50),
                Duration.ofSeconds(240),
                Duration.ofSeconds(5),
                2,
                Duration.ofSeconds(30),
                400,
                200,
                3000,
                3,
                EnumSet.allOf(Part.class),
                false);
    }

    private static AuthBenchOptions quick() {
        return new AuthBenchOptions(
                List.of(50),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(4),
                100,
                100,
                100,
                1,
                EnumSet.of(Part.EOS, Part.HELD, Part.CEILING, Part.READY),
                false);
    }

    /** @throws UsageException for an option that is unknown or has a wrong value */
    static AuthBenchOptions parse(List<String> args) {
        GivenOptions given = GivenOptions.parse(FLAGS, VALUED, args);
        AuthBenchOptions base = given.has("--quick") ? quick() : defaults();
        int holdFrom = given.get("--hold-from", base.holdFrom, GivenOptions::positive);
        return new AuthBenchOptions(
                given.get("--rates", base.rates, AuthBenchOptions::rates),
                given.get("--seconds", base.length, GivenOptions::seconds),
                given.get("--warmup", base.warmUp, GivenOptions::seconds),
                given.get("--warmup-at-most", base.warmUpAtMost, GivenOptions::seconds),
                base.settle,
                given.get("--rounds", base.rounds, GivenOptions::positive),
                given.get("--hold-seconds", base.hold, GivenOptions::seconds),
                holdFrom,
                given.get("--hold-step", base.holdStep, GivenOptions::positive),
                Math.max(holdFrom, given.get("--hold-to", base.holdTo, GivenOptions::positive)),
                base.readyStarts,
                given.get("--only", base.only, AuthBenchOptions::parts),
                given.has("--check"));
    }

    boolean runs(Part part) {
        return only.contains(part);
    }

    int roundsAt(int rate) {
        return rate == BOUND_RATE && rounds > 1 ? rounds + 1 : rounds;
    }

    private static List<Integer> rates(String value) {
        return Arrays.stream(value.split(",", -1)).map(GivenOptions::positive).toList();
    }

    private static Set<Part> parts(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(Part::parse)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    }
}
