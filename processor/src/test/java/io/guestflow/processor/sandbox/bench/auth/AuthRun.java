package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Machine;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.bench.ScratchDirectory;
import io.guestflow.processor.sandbox.bench.SimulatorProcess;
import io.guestflow.processor.sandbox.bench.Spread;
import io.guestflow.processor.sandbox.bench.auth.AuthBenchOptions.Part;
import io.guestflow.processor.sandbox.broker.BrokerOptions;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.guestflow.processor.sandbox.load.LoadClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run: broker and simulator stay; for each guarantee there are a processor and a floor, both up while one of them is
 * measured, so that what an idle one costs is in both figures.
 */
final class AuthRun {
    private static final int PARTITIONS = 4;
    private static final int IN_FLIGHT = 256;
    private static final Duration SIMULATOR_DELAY = Duration.ofMillis(60);
    /** No longer than a round settles: timers fire at the full rate in what is measured, as under steady load. */
    private static final Duration CALLERS_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final String ARRIVALS = "Poisson arrivals, the same for floor and system";
    private static final String ADDED =
            "result - intended send - the simulator's own time, as it measured that for each"
                    + " guest, from a call read to its answer written";

    private final AuthBenchOptions options;
    private final BenchPlace place;
    private final Path dir;
    private final Children children;
    private final Progress progress = new Progress();
    private final Findings findings = new Findings(progress);
    private final List<Round> rounds = new ArrayList<>();
    private final List<Integer> tokenCalls = new ArrayList<>();

    private final Path scratch;
    private final KafkaCluster broker;
    private final KafkaSandbox kafka;
    private final SimulatorProcess simulator;
    private final Processes processes;
    private final Measurement measurement;
    private final Instant startedAt;
    private final Machine machine;

    private @Nullable HeldRate held;
    private @Nullable Ceiling ceiling;
    private @Nullable Spread readySeconds;

    /** Starts what stays for the whole run. */
    AuthRun(AuthBenchOptions options, BenchPlace place, Path dir, Children children) throws Exception {
        this.options = options;
        this.place = place;
        this.dir = dir;
        this.children = children;
        startedAt = InstantSource.system().instant();
        machine = Machine.here(place.checkout());
        progress.say("starting broker and simulator");
        scratch = children.add(ScratchDirectory.in(dir)).path();
        broker = children.add(KafkaCluster.start(1, BrokerOptions.fullJit().in(dir)));
        kafka = children.add(new KafkaSandbox(broker.bootstrap()));
        simulator = children.add(SimulatorProcess.start(SIMULATOR_DELAY, dir));
        processes = new Processes(broker.node(1).pid(), simulator.pid());
        measurement = new Measurement(options, kafka, processes, progress, findings);
    }

    AuthFigures measure() throws InterruptedException {
        try {
            parts();
        } catch (RuntimeException broke) {
            // What was measured before is worth having.
            findings.broken("the run ended early: " + broke);
        }
        List<AtRate> latency = AtRate.of(rounds);
        return new AuthFigures(
                "auth",
                startedAt,
                progress.seconds(),
                machine,
                new AuthFigures.Conditions(
                        PARTITIONS, SIMULATOR_DELAY.toMillis(), IN_FLIGHT, "0 (no limit)", ARRIVALS, ADDED, options),
                latency,
                held,
                ceiling,
                readySeconds,
                List.copyOf(tokenCalls),
                AuthFigures.bounds(latency, held, ceiling, readySeconds),
                findings.broken(),
                findings.remarks(),
                List.copyOf(rounds));
    }

    private void parts() throws InterruptedException {
        if (options.runs(Part.EOS) || options.runs(Part.HELD) || options.runs(Part.READY)) {
            exactlyOnce();
        }
        if (options.runs(Part.CEILING)) {
            ceiling();
        }
        if (options.runs(Part.READY)) {
            ready();
        }
        if (options.runs(Part.ALOS)) {
            kafka.deleteAllTopicsAndGroups();
            SystemSide system = startSystem(Guarantee.ALOS);
            latency(system, Guarantee.ALOS);
            stop(system);
        }
    }

    private void exactlyOnce() throws InterruptedException {
        SystemSide system = startSystem(Guarantee.EOS);
        if (options.runs(Part.EOS)) {
            latency(system, Guarantee.EOS);
        } else {
            measurement.warmUp(Guarantee.EOS, options.warmUp(), system);
            measurement.awaitCompilers(Guarantee.EOS, system);
        }
        if (options.runs(Part.HELD)) {
            held = new HeldSearch(options, system, processes, progress, findings).search();
        }
        stop(system);
    }

    private void latency(SystemSide system, String guarantee) throws InterruptedException {
        Duration some = options.warmUp().dividedBy(5);
        // Its records must exist before the floor's can be as large.
        measurement.warmUp(guarantee, some, system);
        var arguments = new FloorMain.Arguments(
                broker.bootstrap(),
                guarantee,
                scratch.resolve("floor-" + guarantee).toString(),
                CALLERS_TIMEOUT.toString(),
                RecordSizes.sample(broker.bootstrap()));
        FloorSide floor = children.add(FloorSide.start(kafka, PARTITIONS, arguments, jvmOptions(), dir));
        measurement.warmUp(guarantee, options.warmUp().minus(some), system, floor);
        measurement.awaitCompilers(guarantee, system, floor);
        rounds.addAll(measurement.rounds(floor, system, guarantee));
        children.end(floor);
    }

    private void ceiling() {
        progress.say("HTTP only, no Kafka");
        Duration length = options.length();
        ceiling = Ceiling.measure(
                new CeilingMain.Arguments(simulator.baseUrl(), IN_FLIGHT, length.dividedBy(2), length),
                jvmOptions(),
                dir);
        progress.say("ceiling %.0f/s".formatted(ceiling.guestsPerSecond()));
    }

    private void ready() {
        List<Double> seconds = new ArrayList<>();
        for (int start = 1; start <= options.readyStarts(); start++) {
            long from = System.nanoTime();
            ProcessorProcess processor = children.add(processor(Guarantee.EOS).start());
            processor.awaitReady(READY_WITHIN);
            seconds.add(Math.round((System.nanoTime() - from) / 1e6) / 1e3);
            SystemSide.stop(processor);
            children.end(processor);
        }
        readySeconds = Spread.of(seconds, Double::doubleValue);
        progress.say("ready after a clean stop in " + seconds + " s");
    }

    private SystemSide startSystem(String guarantee) {
        progress.say("starting the processor, " + guarantee);
        simulator.reset();
        ProcessorProcess processor = children.add(processor(guarantee).start());
        processor.awaitReady(READY_WITHIN);
        LoadClient load = LoadClient.connect(broker.bootstrap(), new GuestAuthWorkload(CALLERS_TIMEOUT));
        return children.add(new SystemSide(processor, simulator, load));
    }

    private void stop(SystemSide system) {
        tokenCalls.add(system.tokenCalls());
        system.stop();
        children.end(system);
    }

    private ProcessorProcess.Start processor(String guarantee) {
        return ProcessorProcess.named("processor-" + guarantee)
                .packaged(place.processorTarget())
                .logsIn(dir)
                .settings(Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        broker.bootstrap(),
                        "CXONE_BASE_URL",
                        simulator.baseUrl().toString(),
                        "CXONE_CLIENT_ID",
                        "bench",
                        "CXONE_CLIENT_SECRET",
                        "bench-secret",
                        "CXONE_CALLS_PER_SECOND",
                        "0",
                        "GUESTFLOW_REF_KEY",
                        "bench:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "GUESTFLOW_TOPICS_PARTITIONS",
                        Integer.toString(PARTITIONS),
                        "GUESTFLOW_EFFECTS_IN_FLIGHT",
                        Integer.toString(IN_FLIGHT),
                        "GUESTFLOW_PROCESSING_GUARANTEE",
                        guarantee,
                        "GUESTFLOW_HTTP_PORT",
                        "0"))
                .setting(
                        "GUESTFLOW_STATE_DIR",
                        scratch.resolve("state-" + guarantee).toString());
    }

    private Path jvmOptions() {
        return place.processorTarget().resolveSibling("jvm.options");
    }
}
