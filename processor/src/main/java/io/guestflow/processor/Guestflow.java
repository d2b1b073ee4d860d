package io.guestflow.processor;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.config.ContextKey;
import io.guestflow.processor.config.RefKeys;
import io.guestflow.processor.config.Role;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.context.AllowedKey;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.edge.EdgeException;
import io.guestflow.processor.edge.Health;
import io.guestflow.processor.edge.HealthRoutes;
import io.guestflow.processor.edge.HttpEdge;
import io.guestflow.processor.edge.MetricsRoute;
import io.guestflow.processor.edge.Route;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.BoundedRocksDb;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.runtime.InstanceException;
import io.guestflow.processor.runtime.InstanceIdentity;
import io.guestflow.processor.runtime.Metrics;
import io.guestflow.processor.runtime.ShutdownSequence;
import io.guestflow.processor.runtime.SlewedClock;
import io.guestflow.processor.runtime.TopicProvisioner;
import io.guestflow.processor.runtime.TopicSettings;
import io.guestflow.processor.runtime.UnawaitedApplication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring: what each role needs, made in the order in which it depends on the rest, and ended in the order in which
 * work drains.
 *
 * <p>Threading: {@link #start} and {@link #awaitEnd} by the main thread; {@link #stop} and {@link #failed} by any.
 */
final class Guestflow {
    private static final Logger LOG = LoggerFactory.getLogger(Guestflow.class);

    private static final Duration STOP_BOUND = Duration.ofSeconds(10);
    /** For what runs; behind it come the last commit and the leave, which take no longer than the rest of the step. */
    private static final Duration DRAIN_BOUND = Duration.ofSeconds(3);

    private static final Duration EFFECTS_BOUND = Duration.ofSeconds(6);
    private static final Duration STREAMS_BOUND = Duration.ofSeconds(4);
    private static final Duration CLIENTS_BOUND = Duration.ofSeconds(2);
    private static final int LONGEST_SCALAR = 32;
    private static final Duration WAITING_TOLD_EVERY = Duration.ofSeconds(10);

    private final Settings settings;
    private final SlewedClock clock = new SlewedClock();
    private final Metrics metrics = new Metrics(clock);
    private final ShutdownSequence shutdown = new ShutdownSequence(STOP_BOUND);
    private final Map<String, BooleanSupplier> ready = new ConcurrentHashMap<>();
    private final UnawaitedApplication facts = new UnawaitedApplication(Streams.FACTS, this::fatal, metrics.registry());
    private volatile BooleanSupplier deriving = () -> false;
    private final AtomicReference<@Nullable ExitCode> failure = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    Guestflow(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts everything, and says so on stdout when all roles are able to answer.
     *
     * @throws InstanceException if the state directory cannot be this instance's
     * @throws EdgeException if the HTTP address cannot be listened on
     * @throws BrokerException if the broker cannot be reached or used
     */
    void start() throws InstanceException, EdgeException, BrokerException, InterruptedException {
        InstanceIdentity identity = InstanceIdentity.claim(
                settings.instance().stateDir(), settings.instance().id());
        // Listening first: a port that is taken is told at once, and probes see the start.
        HttpEdge edge = HttpEdge.start(settings.http(), routes());
        if (settings.runs(Role.STREAMS)) {
            ready.put("streams", () -> false);
            Thread.ofPlatform().name("load-rocksdb").daemon().start(BoundedRocksDb::loadLibrary);
        }
        List<Runnable> starts = madeOnceChecked(partitions -> roles(identity, edge, partitions));
        starts.forEach(Runnable::run);
        awaitReady();
        if (!stopping) {
            System.out.println("guestflow ready roles=" + roleNames() + " http="
                    + settings.http().host() + ":" + edge.port());
        }
    }

    /**
     * Makes and starts what {@link #start} does, without asking the broker anything first. What runs then ends with the
     * process.
     *
     * @return the port of the edge
     */
    int rehearse() throws InstanceException, EdgeException {
        InstanceIdentity identity = InstanceIdentity.claim(
                settings.instance().stateDir(), settings.instance().id());
        HttpEdge edge = HttpEdge.start(settings.http(), routes());
        roles(identity, edge, settings.topics()::partitions).forEach(Runnable::run);
        return edge.port();
    }

    /** Makes everything, so that it is ended in its turn; returns what starts it. */
    private List<Runnable> roles(InstanceIdentity identity, HttpEdge edge, IntSupplier partitions)
            throws InstanceException {
        List<Runnable> starts = new ArrayList<>();
        if (settings.runs(Role.EFFECTS)) {
            Effects effects = new Effects(settings, identity.id(), clock, metrics, this::fatal);
            ready.put("effects", effects::isReady);
            starts.add(effects::start);
            shutdown.add("effects", EFFECTS_BOUND, () -> effects.drain(DRAIN_BOUND));
            if (settings.runs(Role.STREAMS)) {
                starts.add(streams(identity, partitions));
            }
            shutdown.add("effects' clients", CLIENTS_BOUND, effects::close);
        } else if (settings.runs(Role.STREAMS)) {
            starts.add(streams(identity, partitions));
        }
        shutdown.add("http", CLIENTS_BOUND, edge::close);
        shutdown.add("metrics", CLIENTS_BOUND, metrics::close);
        shutdown.add("state directory", CLIENTS_BOUND, identity::close);
        return starts;
    }

    /** Waits for a failure; a signal ends the process without this coming back. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Ends everything in order, and returns what the process ends with. */
    ExitCode stop() {
        stopping = true;
        boolean clean;
        try {
            clean = shutdown.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            clean = false;
        }
        ExitCode failed = failure.get();
        if (failed != null) {
            return failed;
        }
        return clean ? ExitCode.OK : ExitCode.FAILED;
    }

    /** The process ends with this code, and with this line for the operator; the first failure counts. */
    void failed(ExitCode code, @Nullable String line, @Nullable Throwable cause) {
        if (failure.compareAndSet(null, code)) {
            LOG.error("guestflow ends with code {}: {}", code.code(), line, cause);
        }
        ended.countDown();
    }

    private void fatal(String line, Throwable cause) {
        if (!stopping) {
            failed(ExitCode.FAILED, line, cause);
        }
    }

    /**
     * Checks the broker, and makes what runs while the topics are looked at: both take their time, and nothing runs before
     * both are done.
     */
    private List<Runnable> madeOnceChecked(Making making)
            throws BrokerException, InstanceException, InterruptedException {
        BrokerCheck broker =
                new BrokerCheck(settings.kafka().forAdmin(), settings.kafka().brokerWait());
        try (Admin admin = broker.connect()) {
            AtomicInteger partitions = new AtomicInteger();
            FutureTask<List<Runnable>> made = new FutureTask<>(() -> making.make(partitions::get));
            Thread.ofPlatform().name("make").start(made);
            TopicSettings wanted = new TopicSettings(
                    settings.topics().create(),
                    settings.topics().partitions(),
                    settings.topics().replication());
            partitions.set(new TopicProvisioner(
                            admin,
                            Topics.ALL,
                            Streams.APPLICATIONS,
                            wanted,
                            settings.kafka().bootstrapServers(),
                            settings.kafka().brokerWait())
                    .provision());
            return made.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case InstanceException wrong -> throw wrong;
                case RuntimeException defect -> throw defect;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** What makes the roles, of a number of partitions that is known when they start. */
    private interface Making {
        List<Runnable> make(IntSupplier partitions) throws InstanceException;
    }

    /** Made now, so that it stops in its turn; returns what starts it. */
    private Runnable streams(InstanceIdentity identity, IntSupplier partitions) throws InstanceException {
        FactsStart factsStart = new FactsStart(settings, metrics.registry());
        Streams streams =
                new Streams(settings, identity, partitions, factsStart, clock, metrics, this::fatal, facts::ended);
        ready.put("streams", streams::isRunning);
        deriving = streams.facts()::isRunning;
        shutdown.add("streams", STREAMS_BOUND, () -> {
            facts.close();
            streams.close();
        });
        return () -> {
            facts.start(
                    () -> {
                        streams.facts().endBefore();
                        factsStart.look(streams.facts()::discardState);
                    },
                    streams.facts()::begin);
            streams.start();
        };
    }

    /** The default keys and the operator's, which replace a default of the same name. */
    static List<AllowedKey> allowedKeys(Settings settings) {
        Map<String, AllowedKey> keys = new LinkedHashMap<>();
        AllowedKeys.DEFAULTS.forEach(key -> keys.put(key.name(), key));
        for (ContextKey key : settings.context().keys()) {
            AllowedKey.Type type = switch (key.type()) {
                case TEXT -> AllowedKey.Type.TEXT;
                case FLAG -> AllowedKey.Type.FLAG;
                case NUMBER -> AllowedKey.Type.NUMBER;
            };
            // Flags and numbers have no length of their own.
            int maxLength = key.maxLength() == 0 ? LONGEST_SCALAR : key.maxLength();
            keys.put(
                    key.key(),
                    AllowedKey.of(key.key(), type, maxLength, key.pattern().orElse(null)));
        }
        return List.copyOf(keys.values());
    }

    static GuestRefs refs(RefKeys keys) {
        return new GuestRefs(
                new RefKey(keys.writing().id(), keys.writing().key().getEncoded()));
    }

    private List<Route> routes() {
        Map<String, Supplier<Health>> live = Map.of(
                "process", () -> failure.get() == null ? Health.up() : Health.down("the process is about to end"));
        List<Route> routes = new ArrayList<>(HealthRoutes.of(live, readiness(), besides()));
        routes.add(MetricsRoute.of(metrics.registry()));
        return routes;
    }

    private Map<String, Supplier<Health>> readiness() {
        Map<String, Supplier<Health>> checks = new LinkedHashMap<>();
        if (settings.runs(Role.STREAMS)) {
            checks.put("streams", () -> health("streams", "tasks are not assigned and restored"));
        }
        if (settings.runs(Role.EFFECTS)) {
            checks.put("effects", () -> health("effects", "command partitions are not assigned"));
        }
        checks.put("process", () -> stopping ? Health.down("stopping") : Health.up());
        return checks;
    }

    /** Guests are served without it. */
    private Map<String, Supplier<Health>> besides() {
        return settings.runs(Role.STREAMS) ? Map.of("facts", this::factsHealth) : Map.of();
    }

    private Health factsHealth() {
        return deriving.getAsBoolean()
                ? Health.up()
                : Health.down(
                        facts.down().orElse("audit and analytics are behind: tasks are not assigned and restored"));
    }

    private Health health(String check, String reason) {
        BooleanSupplier state = ready.get(check);
        return state != null && state.getAsBoolean() ? Health.up() : Health.down(reason);
    }

    private void awaitReady() throws InterruptedException {
        long told = System.nanoTime();
        while (!stopping && failure.get() == null) {
            List<String> missing = ready.entrySet().stream()
                    .filter(check -> !check.getValue().getAsBoolean())
                    .map(Map.Entry::getKey)
                    .toList();
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() - told > WAITING_TOLD_EVERY.toNanos()) {
                told = System.nanoTime();
                LOG.info("still waiting for {} to be assigned and restored", missing);
            }
            if (ended.await(20, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private String roleNames() {
        return settings.roles().stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }
}
