package io.guestflow.processor;

import io.guestflow.processor.alerts.AlertRules;
import io.guestflow.processor.analytics.AnalyticsRules;
import io.guestflow.processor.audit.RandomSalts;
import io.guestflow.processor.auth.AuthRules;
import io.guestflow.processor.auth.AuthTopology;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.intake.ConversationIdSource;
import io.guestflow.processor.intake.IntakeRules;
import io.guestflow.processor.intake.IntakeTopology;
import io.guestflow.processor.measure.MeasureRules;
import io.guestflow.processor.runtime.ApplicationLives;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.InstanceException;
import io.guestflow.processor.runtime.InstanceIdentity;
import io.guestflow.processor.runtime.KeptState;
import io.guestflow.processor.runtime.MainConsumers;
import io.guestflow.processor.runtime.Metrics;
import io.guestflow.processor.runtime.SlewedClock;
import io.guestflow.processor.runtime.StreamsApplication;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.session.SessionRules;
import io.guestflow.processor.session.SessionTopology;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Nodes;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of the role {@code streams}: its Kafka Streams applications. They are several because all tasks of a
 * stream thread commit together, and a guest who waits must not wait for bulk.
 *
 * <p>Threading: {@link #start} and {@link #close} once each; {@link #isRunning} and {@link #facts} by any thread.
 */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private static final String AUTH = "guestflow-auth";
    private static final String SESSIONS = "guestflow-sessions";
    static final String FACTS = FactLog.APPLICATION;
    /** All that this role runs: their state has as many partitions as the topics. */
    static final Set<String> APPLICATIONS = Set.of(AUTH, SESSIONS, FACTS);
    /** Those that guests wait for. */
    private static final Set<String> GUESTS = Set.of(AUTH, SESSIONS);

    /** By how much CXone's clock may differ from ours. */
    private static final Duration CXONE_CLOCK_SKEW = Duration.ofSeconds(5);
    /** What a call may take where this process makes none, and is not told. */
    private static final Duration DEFAULT_CALL_TIME = Duration.ofSeconds(5);
    /** The tutorial's API has no call that ends a conversation. */
    private static final boolean CLOSE_CALL = false;
    /** Marks come every second; several may be on their way. */
    private static final Duration WEBHOOKS_MAY_LAG = Duration.ofSeconds(5);

    /** Half of the time there is leaves the other half to clocks that are wrong and to the restore. */
    private static final Duration OLDEST_STATE = Nodes.TOMBSTONES_KEPT.dividedBy(2);

    private static final Duration OLDEST_DERIVED_STATE = Nodes.DERIVED_TOMBSTONES_KEPT.dividedBy(2);

    /** Guests wait meanwhile. */
    private static final Duration AUTH_TIMERS_AT_A_TIME = Duration.ofMillis(20);

    private static final Duration COMMIT_BOUND = Duration.ofSeconds(3);

    private final Settings settings;
    private final InstanceIdentity identity;
    private final SlewedClock clock;
    private final Metrics metrics;
    private final BiConsumer<String, Throwable> fatal;
    private final BiConsumer<String, Throwable> factsEnded;
    private final GuestRefs refs;
    private final KeptState state;
    private final KeptState derivedState;
    /** Those that guests wait for. */
    private final Map<String, StreamsApplication> applications = new LinkedHashMap<>();

    private final ApplicationLives facts;

    /**
     * Makes everything; nothing runs before {@link #start}.
     *
     * @param partitions how many partitions the co-partitioned topics have; asked once it is started
     * @param factsStart looks at what the audit goes on from, before its {@link ApplicationLives} begin
     * @param fatal is told of the error that ends an application that guests wait for, with a line for the operator
     * @param factsEnded the same of the other one
     * @throws InstanceException if the state directory cannot be used
     */
    Streams(
            Settings settings,
            InstanceIdentity identity,
            IntSupplier partitions,
            FactsStart factsStart,
            SlewedClock clock,
            Metrics metrics,
            BiConsumer<String, Throwable> fatal,
            BiConsumer<String, Throwable> factsEnded)
            throws InstanceException {
        this.settings = settings;
        this.identity = identity;
        this.clock = clock;
        this.metrics = metrics;
        this.fatal = fatal;
        this.factsEnded = factsEnded;
        this.state = KeptState.in(identity, GUESTS, "state-closed-at", OLDEST_STATE);
        this.derivedState = KeptState.in(identity, Set.of(FACTS), "derived-state-closed-at", OLDEST_DERIVED_STATE);
        this.refs = Guestflow.refs(settings.refKeys().orElseThrow());
        addAuth(partitions);
        addSessions(partitions);
        this.facts = facts(partitions, factsStart);
    }

    /** Somebody waits for each record: commits are asked for. */
    private void addAuth(IntSupplier partitions) {
        boolean exactlyOnce = settings.streams().guarantee() == Settings.ProcessingGuarantee.EXACTLY_ONCE_V2;
        CommitPacer commits = exactlyOnce ? new CommitPacer(System::nanoTime) : CommitPacer.askingForNone();
        Topology topology = AuthTopology.build(
                authRules(),
                new ContextPolicy(Guestflow.allowedKeys(settings)),
                refs,
                partitions,
                commits,
                FiringTime.fixed(AUTH_TIMERS_AT_A_TIME, System::nanoTime),
                metrics.registry());
        applications.put(
                AUTH,
                application(
                        AUTH,
                        topology,
                        settings.streams().guarantee(),
                        StreamsProperties.Pace.AWAITED,
                        exactlyOnce ? MainConsumers.gathering(commits) : MainConsumers.plain(commits)));
    }

    /** Webhooks come by the thousands, and a refresh has time: commits are made by the interval. */
    private void addSessions(IntSupplier partitions) {
        CommitPacer commits = CommitPacer.askingForNone();
        MainConsumers consumers = MainConsumers.plain(commits);
        Topology topology = new Topology();
        IntakeTopology.addTo(
                topology,
                intakeRules(),
                new ContextPolicy(Guestflow.allowedKeys(settings)),
                refs,
                partitions,
                consumers,
                commits,
                metrics.registry());
        SessionTopology.addTo(
                topology, sessionRules(), refs, FiringTime.sharedByThread(System::nanoTime), metrics.registry());
        // Always: nobody waits, and without transactions a crash could keep a session and lose its timer.
        Settings.ProcessingGuarantee guarantee = Settings.ProcessingGuarantee.EXACTLY_ONCE_V2;
        applications.put(SESSIONS, application(SESSIONS, topology, guarantee, StreamsProperties.Pace.BULK, consumers));
    }

    /**
     * What is derived from facts. Nobody waits for it, and it must neither lose a fact nor count one twice. All of its lives
     * have one topology, because meters belong to it.
     */
    private ApplicationLives facts(IntSupplier partitions, FactsStart factsStart) {
        MainConsumers consumers = MainConsumers.plain(CommitPacer.askingForNone());
        Topology topology = new Topology();
        FactsTopology.addTo(
                topology,
                new RandomSalts(),
                factsStart::chains,
                new FactsTopology.Rules(analyticsRules(), alertRules(), measureRules()),
                refs,
                partitions,
                new FactLog.Surroundings(consumers, factsStart::audited, this::standsStill),
                FiringTime.sharedByThread(System::nanoTime),
                metrics.registry());
        Settings.ProcessingGuarantee guarantee = Settings.ProcessingGuarantee.EXACTLY_ONCE_V2;
        return new ApplicationLives(
                () -> application(FACTS, topology, guarantee, StreamsProperties.Pace.DERIVED, consumers),
                derivedState,
                COMMIT_BOUND);
    }

    private boolean standsStill() {
        // Asked for by a gauge, also while it is made.
        return facts == null || !facts.isRunning();
    }

    /** Those that guests wait for, all at once: each opens the state that it finds, before it does anything else. */
    void start() {
        List<CompletableFuture<Void>> starts = applications.entrySet().stream()
                .map(each -> CompletableFuture.runAsync(
                        each.getValue()::start,
                        command -> Thread.ofPlatform()
                                .name("start-" + each.getKey())
                                .start(command)))
                .toList();
        starts.forEach(CompletableFuture::join);
    }

    /** What is derived from facts, which others start. */
    ApplicationLives facts() {
        return facts;
    }

    /** Whether the tasks of all that guests wait for are assigned and restored. */
    boolean isRunning() {
        return applications.values().stream().allMatch(StreamsApplication::isRunning);
    }

    /** Commits and ends them all at once, within a bounded time. */
    void close() throws InterruptedException, IOException {
        boolean restored = isRunning();
        boolean derived = facts.isRunning();
        boolean leave = settings.instance().onStop() == Settings.OnStop.LEAVE;
        Map<String, StreamsApplication> all = new LinkedHashMap<>(applications);
        all.put(FACTS, facts.over());
        CountDownLatch ended = new CountDownLatch(all.size());
        Set<String> late = ConcurrentHashMap.newKeySet();
        all.forEach((id, application) -> Thread.ofPlatform().name("stop-" + id).start(() -> {
            try {
                if (!application.close(COMMIT_BOUND, leave)) {
                    late.add(id);
                    LOG.warn("{} did not commit in time: what it was doing is done again after the start", id);
                }
            } finally {
                ended.countDown();
            }
        }));
        ended.await();
        if (restored && Collections.disjoint(late, GUESTS)) {
            state.closed();
        }
        if (derived && !late.contains(FACTS)) {
            derivedState.closed();
        }
    }

    private StreamsApplication application(
            String id,
            Topology topology,
            Settings.ProcessingGuarantee guarantee,
            StreamsProperties.Pace pace,
            MainConsumers consumers) {
        FailedRecords failedRecords = new FailedRecords(new DeadLetters(refs), clock, metrics.registry());
        StreamsProperties properties = new StreamsProperties(
                settings.kafka().forStreams(),
                guarantee.configValue(),
                state.directory(),
                identity.id(),
                settings.streams().threads(),
                settings.kafka().sessionTimeout(),
                settings.topics().replication(),
                settings.streams().rocksDbBytes(),
                failedRecords);
        StreamsApplication application = new StreamsApplication(
                topology,
                properties.of(id, pace),
                settings.streams().transactionGap(),
                consumers,
                clock,
                id.equals(FACTS) ? factsEnded : fatal);
        metrics.bind(id, application.streams());
        return application;
    }

    private AuthRules authRules() {
        return new AuthRules(
                settings.auth().rememberFor(),
                settings.auth().timeout(),
                settings.auth().pendingPerGuest(),
                settings.auth().channelsAllowed(),
                List.copyOf(settings.auth().consentPolicies()),
                settings.context().policy() == Settings.ContextPolicy.REJECT,
                settings.context().retryFor(),
                settings.streams().guarantee() == Settings.ProcessingGuarantee.AT_LEAST_ONCE);
    }

    private AlertRules alertRules() {
        Settings.Alerts alerts = settings.alerts();
        return new AlertRules(
                alerts.window(),
                alerts.rate(),
                alerts.resolveRate(),
                alerts.minVolume(),
                alerts.minRefreshes(),
                analyticsRules().ahead(),
                settings.auth().channelsAllowed(),
                alerts.maxChannels());
    }

    private IntakeRules intakeRules() {
        return new IntakeRules(
                settings.webhooks().conversationIdFrom().stream()
                        .map(Streams::source)
                        .toList(),
                settings.auth().channelsAllowed(),
                settings.context().policy() == Settings.ContextPolicy.REJECT);
    }

    private static ConversationIdSource source(Settings.ConversationIdFrom from) {
        return switch (from) {
            case CONVERSATION_ID -> ConversationIdSource.CONVERSATION_ID;
            case CASE_ID -> ConversationIdSource.CASE_ID;
            case CONTACT_ID -> ConversationIdSource.CONTACT_ID;
            case CUSTOMER_CONTACT_ID -> ConversationIdSource.CUSTOMER_CONTACT_ID;
            case INTERACTION_ID -> ConversationIdSource.INTERACTION_ID;
            case THREAD_ID -> ConversationIdSource.THREAD_ID;
        };
    }

    private MeasureRules measureRules() {
        Settings.Measure measure = settings.measure();
        return MeasureRules.of(measure.on(), measure.batchWait(), measure.retryAfter(), measure.giveUpAfter());
    }

    private SessionRules sessionRules() {
        Settings.Sessions sessions = settings.sessions();
        return new SessionRules(
                sessions.refreshThreshold(),
                sessions.maxLifetime(),
                sessions.tombstoneAfter(),
                sessions.activity() == Settings.SessionActivity.ANY,
                sessions.heldFor(),
                sessions.heldMost(),
                settings.context().retryFor(),
                CLOSE_CALL,
                CXONE_CLOCK_SKEW,
                settings.cxone().map(Settings.CXone::callTimeout).orElse(DEFAULT_CALL_TIME),
                WEBHOOKS_MAY_LAG);
    }

    private AnalyticsRules analyticsRules() {
        Settings.Analytics analytics = settings.analytics();
        return new AnalyticsRules(
                analytics.windows(),
                analytics.grace(),
                analytics.dimensions().contains(Settings.AnalyticsDimension.SEGMENT),
                analytics.dimensions().contains(Settings.AnalyticsDimension.CAMPAIGN),
                analytics.valuesMost(),
                analytics.retention(),
                settings.auth().channelsAllowed());
    }
}
