package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.cxone.TenantPause;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.cxone.CxoneSimulator;
import io.guestflow.processor.system.Entries.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Everything around the processors of a test class: a broker that somebody else started, a CXone of its own, a place for
 * state and output, and readers of all topics. {@link #close} ends all of it, and holds everything that a processor
 * printed, and its metrics, against the rule of {@link Output}.
 *
 * <p>Threading: one thread drives it; sending and reading may be done by any.
 */
final class GuestflowSandbox implements AutoCloseable {
    /** Of every topic that the processors create, unless a test says otherwise. */
    static final int PARTITIONS = 4;

    static final String REF_KEY = "k1:Z3Vlc3RmbG93LXRlc3QtcmVmLWtleS0zMi1ieXRlcyEh";

    private final KafkaSandbox kafka;
    private final Path logs;
    private final Path state;
    private final List<Instance> instances = new ArrayList<>();
    private final Results results;
    /** Opened when somebody asks, which loses nothing: each reads its topic from the beginning. */
    private final Map<Topic<?>, Entries<?>> readers = new HashMap<>();

    private CxoneSimulator cxone = CxoneSimulator.start();

    /**
     * Its producer is its own: one that knows topics of before, which were deleted and made anew, can stay behind with
     * sequence numbers that the new ones do not take.
     *
     * @param name of the test class: its output is kept under it
     */
    GuestflowSandbox(String bootstrap, Class<?> name) {
        this.kafka = new KafkaSandbox(bootstrap);
        this.logs = Path.of("target", "sandbox", name.getSimpleName());
        this.state = logs.resolve("state").toAbsolutePath();
        deleteTree(logs);
        results = new Results(kafka);
    }

    /** What an instance of that name needs; the tenant's limit is off. */
    Map<String, String> settings(String instance) {
        return new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                kafka.bootstrap(),
                "CXONE_BASE_URL",
                cxone.baseUrl().toString(),
                "CXONE_CLIENT_ID",
                "guestflow-test",
                "CXONE_CLIENT_SECRET",
                "secret-" + Output.CANARY,
                "CXONE_CALLS_PER_SECOND",
                "0",
                "GUESTFLOW_REF_KEY",
                REF_KEY,
                "GUESTFLOW_STATE_DIR",
                state.resolve(instance).toString(),
                "GUESTFLOW_HTTP_PORT",
                "0",
                "GUESTFLOW_TOPICS_PARTITIONS",
                Integer.toString(PARTITIONS)));
    }

    /** An instance with the settings above and these over them; ready when this returns. */
    Instance start(String name, Map<String, String> settings) {
        Instance instance = launch(name, settings);
        instance.awaitReady();
        return instance;
    }

    /** The same, without waiting. */
    Instance launch(String name, Map<String, String> settings) {
        Map<String, String> all = settings(name);
        all.putAll(settings);
        return launchWithOnly(name, all);
    }

    /** Deletes what an instance that does not run keeps of one application: it is restored from Kafka at the next start. */
    void forget(String instance, String application) {
        deleteTree(state.resolve(instance).resolve("streams").resolve(application));
    }

    /** An instance with exactly these settings, at once. */
    Instance launchWithOnly(String name, Map<String, String> settings) {
        Instance instance = new Instance(name, settings, logs);
        instances.add(instance);
        return instance;
    }

    KafkaSandbox kafka() {
        return kafka;
    }

    CxoneSimulator cxone() {
        return cxone;
    }

    /** No fault any more. */
    void cxoneHeals() {
        cxone.clearFaults();
    }

    /** Nobody listens any more. */
    void closeCxone() {
        cxone.close();
    }

    /** A CXone that forgot everything, at the old one's address. */
    void restartCxone() {
        int port = cxone.port();
        cxone.close();
        cxone = CxoneSimulator.start(port);
    }

    Results results() {
        return results;
    }

    Entries<Fact> facts() {
        return read(Topics.GUEST_FACTS);
    }

    Entries<MetricsWindow> windows() {
        return read(Topics.GUEST_METRICS);
    }

    Entries<AuditRecord> audits() {
        return read(Topics.GUEST_AUDIT);
    }

    Entries<Alert> alerts() {
        return read(Topics.GUEST_ALERTS);
    }

    Entries<DeadLetter> deadLetters() {
        return read(Topics.GUEST_DEAD_LETTERS);
    }

    Entries<Session> sessions() {
        return read(Topics.GUEST_SESSIONS);
    }

    Entries<ConversationMetrics> conversationMetrics() {
        return read(Topics.GUEST_CONVERSATION_METRICS);
    }

    Entries<QueryOutcome> queryOutcomes() {
        return read(Topics.CXONE_QUERY_OUTCOMES);
    }

    Entries<TenantPause> pauses() {
        return read(Topics.CXONE_THROTTLE);
    }

    Entries<SessionCommand> sessionCommands() {
        return read(Topics.CXONE_SESSION_COMMANDS);
    }

    Entries<AuthCommand> commands() {
        return read(Topics.CXONE_AUTH_COMMANDS);
    }

    Entries<AuthOutcome> outcomes() {
        return read(Topics.CXONE_AUTH_OUTCOMES);
    }

    /** Puts the request on its topic, and returns where and when. */
    RecordMetadata send(GuestRequest request) {
        return sent(kafka.send(request.record()));
    }

    static RecordMetadata sent(java.util.concurrent.Future<RecordMetadata> future) {
        try {
            return future.get(Entries.SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a request could not be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
    }

    /** Sends the request and waits for its first answer. */
    GuestAuthResult answerTo(GuestRequest request) {
        return entryFor(request).value();
    }

    /** Sends the request and waits for its first answer, with the record that it came in. */
    Entry<GuestAuthResult> entryFor(GuestRequest request) {
        send(request);
        return results.await(request);
    }

    /**
     * Waits until whatever the processors still had to say has been read: nothing is pending, and a request that was sent
     * after that has been answered in every partition, with its fact.
     */
    void settle(Duration within) {
        await().atMost(within)
                .until(() -> instances.stream()
                        .filter(instance -> instance.process().isAlive())
                        .allMatch(instance -> instance.metric("guestflow_auth_pending") == 0
                                && instance.metric("guestflow_effects_in_flight") == 0));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            GuestRequest last = GuestRequest.ofNewGuestIn(partition, PARTITIONS).consent("accepted", false);
            send(last);
            results.await(last);
            facts().awaitOne(
                            "fact of " + last.requestId(),
                            fact -> fact instanceof Fact.AuthRejected rejected
                                    && rejected.requestId().equals(last.requestId()));
        }
    }

    @Override
    public void close() {
        List<String> leaks = new ArrayList<>();
        instances.stream()
                .filter(instance -> instance.process().isAlive())
                .forEach(instance -> leaks.addAll(instance.metricsLeaks()));
        instances.forEach(Instance::close);
        results.close();
        readers.values().forEach(Entries::close);
        kafka.close();
        cxone.close();
        deleteTree(state);
        instances.stream()
                .flatMap(instance -> Stream.of(
                        instance.process().stdout(), instance.process().stderr()))
                .distinct()
                .forEach(file -> leaks.addAll(Output.leaks(Output.text(file))));
        assertEquals(List.of(), leaks, "guest ids, payloads, secrets or tokens in what a processor tells");
    }

    @SuppressWarnings("unchecked") // A topic's reader was made with that topic's codec.
    private synchronized <T> Entries<T> read(Topic<T> topic) {
        return (Entries<T>) readers.computeIfAbsent(topic, any -> new Entries<>(kafka, topic));
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }
}
