package io.guestflow.processor.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.processor.audit.AuditTopology;
import io.guestflow.processor.audit.ChainHead;
import io.guestflow.processor.config.KafkaSettings;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedBroker.class)
@Timeout(120)
class AuditMainIT {
    private static final String TOPIC = Topics.GUEST_AUDIT.name();

    private final KafkaSandbox kafka;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Audits> chains = List.of(new Audits(0), new Audits(1));

    /** A client of its own: a producer that knows a topic of before, which was deleted and made anew, can stay behind. */
    AuditMainIT(KafkaSandbox shared) {
        this.kafka = new KafkaSandbox(shared.bootstrap());
    }

    @AfterEach
    void closeClients() {
        kafka.close();
    }

    @BeforeEach
    void audit() {
        kafka.deleteAllTopicsAndGroups();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap());
        environment.put("GUESTFLOW_BROKER_WAIT", "10s");
    }

    @Test
    void aStoryIsToldInTheOrderOfTimeFromAllPartitions() throws Exception {
        kafka.createTopics(2, TOPIC);
        publish(0, chains.get(0).next(Audits.ended("a", "conv-1")));
        publish(0, chains.get(0).next(Audits.succeeded("b", "r-2", "conv-2")));
        publish(1, chains.get(1).next(Audits.succeeded("c", "r-1", "conv-1")));

        assertEquals(ExitCode.OK, run("show", "--conversation", "conv-1"));
        List<String> lines = said().lines().toList();
        assertEquals(2, lines.size(), this::said);
        assertTrue(lines.get(0).contains("AUTH_SUCCEEDED") && lines.get(0).contains("request r-1"), this::said);
        assertTrue(lines.get(1).contains("SESSION_ENDED") && lines.get(1).contains("REVOKED"), this::said);

        assertEquals(ExitCode.OK, run("show", "--request", "r-2", "--json"));
        AuditRecord told = AuditRecord.CODEC.read(said().strip().getBytes(UTF_8));
        assertEquals("b", told.auditId());

        assertEquals(ExitCode.NOT_FOUND, run("show", "--request", "r-3"));
        assertTrue(complained().contains("no record of that request"), this::complained);
    }

    @Test
    void aChainThatIsWholeIsToldWithItsEnds() throws Exception {
        kafka.createTopics(2, TOPIC);
        publish(0, chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1")));
        AuditRecord last = chains.get(0).next(Audits.ended("b", "conv-1"));
        publish(0, last);

        assertEquals(ExitCode.OK, run("verify"));
        assertEquals("""
                guest-audit/0  2 records, 0 of them erased, last number 2, hash %s
                guest-audit/1  0 records, 0 of them erased, last number 0, hash -
                """.formatted(last.chain().hash()), said());
        assertEquals("", complained());
    }

    @Test
    void whatIsMissingAlteredOrRepeatedIsToldAndAFailure() throws Exception {
        kafka.createTopics(2, TOPIC);
        AuditRecord one = chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1"));
        chains.get(0).next(Audits.succeeded("b", "r-2", "conv-2"));
        AuditRecord three = chains.get(0).next(Audits.ended("c", "conv-1"));
        publish(0, one);
        publish(0, three);
        publish(0, one);
        String altered = new String(
                        AuditRecord.CODEC.write(chains.get(1).next(Audits.succeeded("d", "never-told", "conv-3"))),
                        UTF_8)
                .replace("\"httpStatus\":201", "\"httpStatus\":200");
        kafka.produce(new ProducerRecord<>(TOPIC, 1, "d".getBytes(UTF_8), altered.getBytes(UTF_8)));

        assertEquals(ExitCode.FAILED, run("verify"));
        List<String> found = complained().lines().toList();
        assertEquals(3, found.size(), this::complained);
        assertTrue(found.get(0).startsWith("audit: guest-audit/0/2 REPEATED: number 1"), this::complained);
        assertTrue(found.get(1).startsWith("audit: guest-audit/0/1 GAP: number 2 is missing"), this::complained);
        assertTrue(found.get(2).startsWith("audit: guest-audit/1/0 ALTERED: number 1"), this::complained);
        assertTrue(!complained().contains("never-told") && !said().contains("never-told"), this::complained);
    }

    @Test
    void whatWasErasedIsInOrderAndToldOf() throws Exception {
        kafka.createTopics(1, TOPIC);
        AuditRecord.Entry first = chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1"));
        publish(0, first);
        publish(0, chains.get(0).next(Audits.succeeded("b", "r-2", "conv-2")));
        Chain chain = first.chain();
        publish(
                0,
                new AuditRecord.Erased(
                        "a", Audits.SEVEN, new Chain(0, 1, chain.prevHash(), null, chain.contentHash(), chain.hash())));

        assertEquals(ExitCode.OK, run("verify"), this::complained);
        assertTrue(said().startsWith("guest-audit/0  2 records, 1 of them erased, last number 2"), this::said);
        assertEquals(ExitCode.OK, run("show", "--request", "r-2"));
        assertTrue(complained().contains("1 records were erased"), this::complained);
    }

    @Test
    void anEndThatWasKeptMustBeFoundAgain(@TempDir Path dir) throws Exception {
        Path ends = dir.resolve("ends");
        kafka.createTopics(2, TOPIC);
        AuditRecord first = chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1"));
        publish(0, first);
        assertEquals(ExitCode.OK, run("verify", "--ends", ends.toString()), this::complained);
        assertEquals("0 1 " + first.chain().hash() + "\n", Files.readString(ends));

        AuditRecord second = chains.get(0).next(Audits.ended("b", "conv-1"));
        publish(0, second);
        assertEquals(ExitCode.OK, run("verify", "--ends", ends.toString()), this::complained);
        String kept = "0 2 " + second.chain().hash() + "\n1 1 another\n";
        assertEquals("0 2 " + second.chain().hash() + "\n", Files.readString(ends));

        Files.writeString(ends, kept);
        assertEquals(ExitCode.FAILED, run("verify", "--ends", ends.toString()));
        assertTrue(
                complained().startsWith("audit: guest-audit/1 CUT: number 1 with the hash another"), this::complained);
        assertEquals(kept, Files.readString(ends), "what must be found again stays");

        Files.writeString(ends, "no ends");
        assertEquals(ExitCode.USAGE, run("verify", "--ends", ends.toString()));
    }

    @Test
    void aTopicThatIsBehindTheChainsStateWasCutAndSoWasOneThatDoesNotBeginAtItsBeginning() throws Exception {
        kafka.createTopics(2, TOPIC, AuditTopology.CHAINS_CHANGELOG);
        AuditRecord first = chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1"));
        AuditRecord second = chains.get(0).next(Audits.ended("b", "conv-1"));
        publish(0, first);
        head(first);
        assertEquals(ExitCode.OK, run("verify"), this::complained);
        head(second);
        assertEquals(ExitCode.FAILED, run("verify"));
        assertTrue(complained().startsWith("audit: guest-audit/0 CUT: number 2"), this::complained);

        publish(0, second);
        assertEquals(ExitCode.OK, run("verify"), this::complained);
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(TOPIC, 0), RecordsToDelete.beforeOffset(1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        assertEquals(ExitCode.FAILED, run("verify"));
        assertTrue(complained().contains("guest-audit/0/1 CUT: records before this offset"), this::complained);
    }

    /** The markers of one commit reach the topics one after the other. */
    @Test
    void aHeadWhoseRecordIsSeenALittleLaterIsNoCut() throws Exception {
        kafka.createTopics(2, TOPIC, AuditTopology.CHAINS_CHANGELOG);
        AuditRecord first = chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1"));
        AuditRecord second = chains.get(0).next(Audits.ended("b", "conv-1"));
        publish(0, first);
        head(second);
        KafkaSettings settings = KafkaSettings.load(new String[0], environment, Files::readString);
        List<ChainCheck.Finding> found = new ArrayList<>();
        List<String> told = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        try (CommittedTopic topic = CommittedTopic.open(settings, TOPIC)) {
            AuditVerification verification =
                    new AuditVerification(settings, topic, found::add, told::add, told::add, () -> {
                        if (looks.incrementAndGet() == 2) {
                            publish(0, second);
                        }
                    });
            verification.run(Map.of());
            assertEquals(
                    Map.of(0, new KeptEnds.End(2, second.chain().hash())), verification.ends(), () -> told.toString());
        }
        assertEquals(List.of(), found);
        assertEquals(2, looks.get());
    }

    private void head(AuditRecord record) {
        byte[] head = new ChainHead(record.chain().seq(), record.chain().hash()).write();
        kafka.produce(new ProducerRecord<>(AuditTopology.CHAINS_CHANGELOG, 0, "head".getBytes(UTF_8), head));
    }

    @Test
    void aRecordThatCannotBeReadIsAFailureOfBoth() throws Exception {
        kafka.createTopics(1, TOPIC);
        publish(0, chains.get(0).next(Audits.succeeded("a", "r-1", "conv-1")));
        kafka.produce(TOPIC, "x", "{\"requestId\":\"never-told\"}");

        assertEquals(ExitCode.FAILED, run("show", "--request", "r-1"));
        assertTrue(said().contains("AUTH_SUCCEEDED"), this::said);
        assertTrue(complained().contains("1 records could not be read"), this::complained);
        assertEquals(ExitCode.FAILED, run("verify"));
        assertTrue(complained().contains("UNREADABLE"), this::complained);
        assertTrue(!complained().contains("never-told"), this::complained);
    }

    @Test
    void aTopicThatIsNotThereIsNotFoundAndABrokerThatIsNotThereIsGivenUp() throws Exception {
        assertEquals(ExitCode.NOT_FOUND, run("verify"));
        assertTrue(complained().contains("there is no topic guest-audit"), this::complained);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + freePort());
        assertEquals(ExitCode.BROKER, run("verify", "--GUESTFLOW_BROKER_WAIT=1s"));
    }

    @Test
    void whatIsWrongWithTheArgumentsOrSettingsIsAUsageError() throws Exception {
        assertEquals(ExitCode.USAGE, run());
        assertEquals(ExitCode.USAGE, run("verify", "--KAFKA_NONSENSE=1"));
        environment.clear();
        assertEquals(ExitCode.USAGE, run("verify"));
        assertTrue(complained().contains("KAFKA_BOOTSTRAP_SERVERS"), this::complained);
    }

    private ExitCode run(String... args) throws InterruptedException {
        out.reset();
        err.reset();
        return AuditMain.run(args, environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private String said() {
        return out.toString(UTF_8);
    }

    private String complained() {
        return err.toString(UTF_8);
    }

    private void publish(int partition, AuditRecord record) {
        kafka.produce(new ProducerRecord<>(
                TOPIC, partition, record.auditId().getBytes(UTF_8), AuditRecord.CODEC.write(record)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
