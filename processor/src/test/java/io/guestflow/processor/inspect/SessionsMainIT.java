package io.guestflow.processor.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedBroker.class)
@Timeout(120)
class SessionsMainIT {
    private static final String TOPIC = Topics.GUEST_SESSIONS.name();

    @TempDir
    Path dir;

    private final KafkaSandbox kafka;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A client of its own: a producer that knows a topic of before, which was deleted and made anew, can stay behind. */
    SessionsMainIT(KafkaSandbox shared) {
        this.kafka = new KafkaSandbox(shared.bootstrap());
    }

    @AfterEach
    void closeClients() {
        kafka.close();
    }

    @BeforeEach
    void sessions() {
        kafka.deleteAllTopicsAndGroups();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap());
        environment.put("GUESTFLOW_BROKER_WAIT", "10s");
    }

    @Test
    void theLastRecordOfEachConversationCountsAndATombstoneIsGone() throws Exception {
        kafka.createTopics(3, TOPIC);
        for (int i = 0; i < 20; i++) {
            publish("conv-" + i, Sessions.open("conv-" + i, SessionState.ACTIVE));
        }
        publish("conv-1", Sessions.open("conv-1", SessionState.EXPIRING));
        publish("conv-2", Sessions.ended("conv-2", SessionState.EXPIRED, EndReason.IDLE));
        publish("conv-3", Sessions.ended("conv-3", SessionState.CLOSED, EndReason.CLOSED_UPSTREAM));
        publish("conv-4", null);

        assertEquals(ExitCode.OK, run());
        assertEquals("""
                ACTIVE           16
                EXPIRING          1
                EXPIRED           1   IDLE 1
                CLOSED            1   CLOSED_UPSTREAM 1
                total            19
                """, said());
        assertEquals(ExitCode.OK, run("conv-2"));
        assertTrue(said().contains("state         EXPIRED") && said().contains("because       IDLE"), said());
        assertEquals(ExitCode.NOT_FOUND, run("conv-4"));
        assertTrue(complained().contains("was forgotten"), complained());
        assertEquals(ExitCode.NOT_FOUND, run("conv-99"));
        assertTrue(complained().contains("no session for that conversation"), complained());
    }

    @Test
    void aUuidIsFoundHoweverItIsWritten() throws Exception {
        kafka.createTopics(1, TOPIC);
        String id = "3f2b8c1e-0a4d-4f6b-9c7e-1d2a3b4c5d6e";
        publish(id, Sessions.open(id, SessionState.ACTIVE));

        assertEquals(ExitCode.OK, run(id.toUpperCase(Locale.ROOT)));

        assertTrue(said().contains("state         ACTIVE"), said());
    }

    @Test
    void whatATransactionAbortedWasNever() throws Exception {
        kafka.createTopics(1, TOPIC);
        try (var producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrap(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "sessions-main-it"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("conv-1", Sessions.open("conv-1", SessionState.ACTIVE)));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(record("conv-1", Sessions.ended("conv-1", SessionState.EXPIRED, EndReason.IDLE)));
            producer.send(record("conv-2", Sessions.open("conv-2", SessionState.ACTIVE)));
            producer.flush();
            producer.abortTransaction();
        }

        assertEquals(ExitCode.OK, run("conv-1"));
        assertTrue(said().contains("state         ACTIVE"), said());
        assertEquals(ExitCode.OK, run());
        assertTrue(said().contains("total             1"), said());
        assertEquals(ExitCode.NOT_FOUND, run("conv-2"));
    }

    @Test
    void aRecordThatCannotBeReadIsAFailureAndItsContentIsNotTold() throws Exception {
        kafka.createTopics(1, TOPIC);
        kafka.produce(TOPIC, "conv-1", "{\"guestId\":\"never-told\"}");

        assertEquals(ExitCode.FAILED, run("conv-1"));
        assertTrue(complained().contains("guest-sessions/0/0"), complained());
        assertEquals(ExitCode.FAILED, run());
        assertTrue(complained().contains("1 records could not be read"), complained());
        assertTrue(!complained().contains("never-told") && !said().contains("never-told"));
    }

    @Test
    void aTopicThatIsNotThereIsNotFound() throws Exception {
        assertEquals(ExitCode.NOT_FOUND, run());
        assertTrue(complained().contains("there is no topic guest-sessions"), complained());
        assertEquals("", said());
    }

    @Test
    void anAbsentBrokerIsGivenUpAfterTheWait() throws Exception {
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + freePort());

        assertEquals(ExitCode.BROKER, run("--GUESTFLOW_BROKER_WAIT=1s"));
        assertTrue(complained().contains("no Kafka broker answered"), complained());
    }

    @Test
    void theProcessorsFileWillDo() throws Exception {
        kafka.createTopics(1, TOPIC);
        Path file = Files.writeString(dir.resolve("guestflow.properties"), """
                KAFKA_BOOTSTRAP_SERVERS=%s
                KAFKA_RECONNECT_BACKOFF_MAX_MS=200
                CXONE_BASE_URL=https://cxone.example.com
                GUESTFLOW_ROLES=streams
                """.formatted(kafka.bootstrap()));
        environment.clear();

        assertEquals(ExitCode.OK, run("--config", file.toString()));
        assertTrue(said().contains("total             0"), said());
    }

    @Test
    void whatIsWrongWithTheArgumentsOrSettingsIsAUsageError() throws Exception {
        assertEquals(ExitCode.USAGE, run("conv-1", "conv-2"));
        assertEquals(ExitCode.USAGE, run("--KAFKA_NONSENSE=1"));
        assertEquals(ExitCode.USAGE, run("--config"));
        assertEquals(ExitCode.USAGE, run("--print-config"));
        environment.clear();
        assertEquals(ExitCode.USAGE, run());
        assertTrue(complained().contains("KAFKA_BOOTSTRAP_SERVERS"), complained());
    }

    private ExitCode run(String... args) throws InterruptedException {
        out.reset();
        err.reset();
        return SessionsMain.run(
                args, environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private String said() {
        return out.toString(UTF_8);
    }

    private String complained() {
        return err.toString(UTF_8);
    }

    private void publish(String conversationId, @Nullable Session session) {
        kafka.produce(record(conversationId, session));
    }

    private static ProducerRecord<byte[], byte[]> record(String conversationId, @Nullable Session session) {
        return new ProducerRecord<>(
                TOPIC, conversationId.getBytes(UTF_8), session == null ? null : Session.CODEC.write(session));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
