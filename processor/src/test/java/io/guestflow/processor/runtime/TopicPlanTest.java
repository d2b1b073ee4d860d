package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topic;
import io.guestflow.contracts.Topics;
import io.guestflow.processor.factlog.FactLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private static final short BROKERS_OWN = -1;
    private static final TopicCommands COMMANDS = new TopicCommands("kafka:9092");
    private static final TopicSettings MAY_CREATE = new TopicSettings(true, 12, BROKERS_OWN);
    private static final TopicSettings MAY_NOT_CREATE = new TopicSettings(false, 12, (short) 3);

    private final Map<String, ExistingTopic> existing = new TreeMap<>();
    private final Map<String, Integer> state = new TreeMap<>();

    @Test
    void onAnEmptyBrokerEverythingIsCreatedAsTheCatalogueSays() {
        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(List.of(), plan.problems());
        assertEquals(12, plan.partitions());
        Map<String, NewTopic> created = created(plan);
        assertEquals(Topics.ALL.size(), created.size());
        NewTopic commands = created.get("cxone-auth-commands");
        assertEquals(12, commands.numPartitions());
        assertEquals(BROKERS_OWN, commands.replicationFactor());
        assertEquals(
                Map.of(
                        "cleanup.policy", "delete",
                        "message.timestamp.type", "CreateTime",
                        "retention.ms", "604800000",
                        "segment.ms", "86400000",
                        "max.message.bytes", "1048576"),
                commands.configs());
        assertEquals(
                "LogAppendTime", created.get("guest-auth-requests").configs().get("message.timestamp.type"));
        NewTopic throttle = created.get("cxone-throttle");
        assertEquals(1, throttle.numPartitions());
        assertEquals(
                Map.of(
                        "cleanup.policy", "compact",
                        "message.timestamp.type", "CreateTime",
                        "segment.ms", "3600000",
                        "max.message.bytes", "1048576"),
                throttle.configs());
    }

    @Test
    void sessionsAreCompactedAndLieInThePartitionsOfTheirEvents() {
        NewTopic sessions = created(plan(MAY_CREATE)).get("guest-sessions");

        assertEquals(12, sessions.numPartitions());
        assertEquals(
                Map.of(
                        "cleanup.policy", "compact",
                        "message.timestamp.type", "CreateTime",
                        "segment.ms", "3600000",
                        "max.message.bytes", "1048576"),
                sessions.configs());
    }

    @Test
    void aTopicOfBytesThatOthersWriteIsPlannedLikeAnyOther() {
        NewTopic events = created(plan(MAY_CREATE)).get("cxone-events");

        assertEquals(12, events.numPartitions());
        assertEquals(
                Map.of(
                        "cleanup.policy", "delete",
                        "message.timestamp.type", "LogAppendTime",
                        "retention.ms", "604800000",
                        "segment.ms", "86400000",
                        "max.message.bytes", "1048576"),
                events.configs());
    }

    @Test
    void bothEndsOfAnAlertStayForAWeekAndTheLastForEver() {
        assertEquals(
                Map.of(
                        "cleanup.policy", "compact",
                        "message.timestamp.type", "CreateTime",
                        "segment.ms", "3600000",
                        "min.compaction.lag.ms", "604800000",
                        "max.message.bytes", "1048576"),
                created(plan(MAY_CREATE)).get("guest-alerts").configs());
    }

    @Test
    void theAuditIsCompactedLateAndNeverDeleted() {
        assertEquals(
                Map.of(
                        "cleanup.policy", "compact",
                        "message.timestamp.type", "CreateTime",
                        "segment.ms", "86400000",
                        "min.compaction.lag.ms", "86400000",
                        "max.compaction.lag.ms", "604800000",
                        "delete.retention.ms", "604800000",
                        "max.message.bytes", "1048576"),
                created(plan(MAY_CREATE)).get("guest-audit").configs());
        createAll(4);
        configure("guest-audit", "cleanup.policy", "compact,delete");
        assertTrue(plan(MAY_CREATE).problems().getFirst().contains("which drops what must be kept"));
    }

    @Test
    void anAuditThatIsCompactedAtAnotherTimeIsAWarningForEachReason() {
        createAll(4);
        configure("guest-audit", "min.compaction.lag.ms", "0");
        configure("guest-audit", "max.compaction.lag.ms", "9223372036854775807");
        configure("guest-audit", "delete.retention.ms", "86400000");

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(List.of(), plan.problems());
        assertEquals(3, plan.warnings().size(), () -> plan.warnings().toString());
        assertTrue(plan.warnings().get(0).endsWith("--add-config min.compaction.lag.ms=86400000"));
        assertTrue(plan.warnings().get(1).endsWith("--add-config max.compaction.lag.ms=604800000"));
        assertTrue(plan.warnings().get(2).endsWith("--add-config delete.retention.ms=604800000"));
    }

    @Test
    void factsThatStayLongerThanTheAuditKnowsThemAreAWarningAndSoAreThoseThatGoTooSoon() {
        createAll(4);
        assertEquals("86400000", existing.get("guest-facts").config("segment.ms"));
        assertEquals(FactLog.REMEMBERED, NewTopics.FACTS_KNOWN);
        for (String retention : List.of("-1", "691200000", "3600000")) {
            configure("guest-facts", "retention.ms", retention);
            TopicPlan plan = plan(MAY_CREATE);
            assertEquals(1, plan.warnings().size(), () -> plan.warnings().toString());
            assertTrue(plan.warnings().getFirst().endsWith("--add-config retention.ms=604800000"));
        }
        configure("guest-facts", "retention.ms", "604800000");
        configure("guest-facts", "segment.ms", "604800000");
        assertTrue(plan(MAY_CREATE).warnings().getFirst().endsWith("--add-config segment.ms=86400000"));
    }

    @Test
    void moreAuditPartitionsThanAreUsedAreAWarningAndDecideNothing() {
        createAll(4);
        existing.put(
                "guest-audit",
                new ExistingTopic(8, 1, existing.get("guest-audit").config()));

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(4, plan.partitions());
        assertEquals(List.of(), plan.problems());
        assertEquals(List.of("topic guest-audit has 8 partitions, of which 4 are used"), plan.warnings());
    }

    @Test
    void whatWasCreatedIsFine() {
        createAll(12);

        TopicPlan plan = plan(MAY_NOT_CREATE);

        assertEquals(new TopicPlan(List.of(), List.of(), List.of(), 12), plan);
    }

    @Test
    void missingTopicsGetTheCountOfThoseThatExist() {
        createAll(4);
        existing.remove("cxone-auth-outcomes");

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(4, plan.partitions());
        assertEquals(4, created(plan).get("cxone-auth-outcomes").numPartitions());
        assertEquals(List.of(), plan.problems());
    }

    @Test
    void topicsMadeAnewGetTheCountOfTheStateThatIsLeft() {
        state.put("guestflow-auth-requests-changelog", 6);

        assertEquals(6, plan(MAY_CREATE).partitions());
    }

    @Test
    void withoutLeaveToCreateEachMissingTopicIsOneLineWithItsCommand() {
        createAll(4);
        existing.remove("guest-auth-requests");
        existing.remove("cxone-throttle");

        assertEquals(
                List.of(
                        "topic guest-auth-requests is missing, and GUESTFLOW_TOPICS_CREATE is false:"
                                + " kafka-topics.sh --bootstrap-server kafka:9092 --create --topic guest-auth-requests"
                                + " --partitions 4 --replication-factor 3 --config cleanup.policy=delete"
                                + " --config max.message.bytes=1048576 --config message.timestamp.type=LogAppendTime"
                                + " --config retention.ms=604800000 --config segment.ms=86400000",
                        "topic cxone-throttle is missing, and GUESTFLOW_TOPICS_CREATE is false:"
                                + " kafka-topics.sh --bootstrap-server kafka:9092 --create --topic cxone-throttle"
                                + " --partitions 1 --replication-factor 3 --config cleanup.policy=compact"
                                + " --config max.message.bytes=1048576 --config message.timestamp.type=CreateTime"
                                + " --config segment.ms=3600000"),
                plan(MAY_NOT_CREATE).problems());
    }

    @Test
    void aTopicWithFewerPartitionsThanTheOthersCanGetMore() {
        createAll(12);
        repartition("cxone-auth-outcomes", 4);

        assertEquals(
                List.of("topic cxone-auth-outcomes has 4 partitions, must have 12 like the topics it works with:"
                        + " kafka-topics.sh --bootstrap-server kafka:9092 --alter --topic cxone-auth-outcomes"
                        + " --partitions 12"),
                plan(MAY_CREATE).problems());
    }

    @Test
    void aTopicThatWasChangedAloneIsTheOneThatIsWrongWhenTheStateSaysSo() {
        createAll(4);
        state.put("guestflow-auth-requests-changelog", 4);
        repartition("guest-auth-requests", 8);

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(4, plan.partitions());
        assertEquals(1, plan.problems().size());
        String problem = plan.problems().getFirst();
        assertTrue(problem.startsWith("topic guest-auth-requests has 8 partitions, must have 4"), problem);
        assertTrue(
                problem.contains("kafka-topics.sh --bootstrap-server kafka:9092 --delete --topic guest-auth-requests"
                        + " && kafka-topics.sh --bootstrap-server kafka:9092 --create --topic guest-auth-requests"
                        + " --partitions 4 "),
                problem);
    }

    @Test
    void stateMadeWithAnotherCountThanTheTopicsHaveIsOneProblem() {
        createAll(12);
        state.put("guestflow-auth-requests-changelog", 4);
        state.put("guestflow-auth-timers-changelog", 4);

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(12, plan.partitions());
        assertEquals(1, plan.problems().size());
        String problem = plan.problems().getFirst();
        assertTrue(problem.contains("was made with 4 partitions, the topics have 12"), problem);
        assertTrue(problem.contains("--delete --topic guestflow-auth-requests-changelog && "), problem);
        assertTrue(problem.contains("--delete --topic guestflow-auth-timers-changelog"), problem);
    }

    @Test
    void aTopicThatMustHaveOnePartitionAndHasMoreMustBeMadeAnew() {
        createAll(4);
        repartition("cxone-throttle", 4);

        String problem = plan(MAY_CREATE).problems().getFirst();

        assertTrue(problem.startsWith("topic cxone-throttle has 4 partitions, must have 1: "), problem);
        assertTrue(problem.contains("--delete --topic cxone-throttle && "), problem);
    }

    @Test
    void deadLettersMayHaveAnyCount() {
        createAll(4);
        repartition("guest-dead-letters", 1);

        assertEquals(List.of(), plan(MAY_CREATE).problems());
    }

    @Test
    void aWrongCleanupPolicyIsAProblem() {
        createAll(4);
        configure("guest-auth-requests", "cleanup.policy", "compact");
        configure("cxone-throttle", "cleanup.policy", "compact,delete");

        assertEquals(
                List.of(
                        "topic guest-auth-requests has cleanup.policy=compact, which drops records that share a key:"
                                + " kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
                                + " --entity-name guest-auth-requests --add-config cleanup.policy=delete",
                        "topic cxone-throttle has cleanup.policy=compact,delete, which drops what must be kept:"
                                + " kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
                                + " --entity-name cxone-throttle --add-config cleanup.policy=compact"),
                plan(MAY_CREATE).problems());
    }

    @Test
    void aWrongTimestampTypeIsAProblemOnOurTopicsAndAWarningOnOthers() {
        createAll(4);
        configure("guest-auth-requests", "message.timestamp.type", "CreateTime");
        configure("cxone-auth-commands", "message.timestamp.type", "LogAppendTime");
        configure("cxone-throttle", "message.timestamp.type", "LogAppendTime");

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(2, plan.problems().size(), () -> plan.problems().toString());
        assertTrue(plan.problems().get(0).startsWith("topic cxone-auth-commands has message.timestamp.type="));
        assertTrue(plan.problems().get(1).endsWith("--add-config message.timestamp.type=CreateTime"));
        assertEquals(1, plan.warnings().size());
        assertTrue(plan.warnings().getFirst().startsWith("topic guest-auth-requests has"));
        assertTrue(plan.warnings().getFirst().endsWith("--add-config message.timestamp.type=LogAppendTime"));
    }

    @Test
    void aWorkQueueThatForgetsTooSoonIsAWarning() {
        createAll(4);
        configure("cxone-auth-commands", "retention.ms", "3600000");
        configure("cxone-auth-outcomes", "retention.bytes", "1000000");
        configure("guest-auth-requests-rekeyed", "retention.ms", "-1");
        configure("guest-auth-results", "retention.ms", "3600000");

        TopicPlan plan = plan(MAY_CREATE);

        assertEquals(List.of(), plan.problems());
        assertEquals(2, plan.warnings().size(), () -> plan.warnings().toString());
        assertTrue(plan.warnings().get(0).startsWith("topic cxone-auth-commands keeps its records for PT1H"));
        assertTrue(plan.warnings()
                .get(0)
                .endsWith("--add-config retention.ms=" + Duration.ofDays(7).toMillis()));
        assertTrue(plan.warnings().get(1).startsWith("topic cxone-auth-outcomes keeps only 1000000 bytes"));
    }

    @Test
    void aTopicThatCannotTakeTheContractsLargestValueIsAProblem() {
        createAll(4);
        configure("guest-facts", "max.message.bytes", "65536");

        String problem = plan(MAY_CREATE).problems().getFirst();

        assertTrue(problem.startsWith("topic guest-facts takes no record over 65536 bytes"), problem);
    }

    @Test
    void aTopicThatNothingCanBeWrittenToIsAProblem() {
        createAll(4);
        configure("guest-facts", "min.insync.replicas", "2");

        String problem = plan(MAY_CREATE).problems().getFirst();

        assertTrue(problem.contains("has 1 replicas and min.insync.replicas=2"), problem);
    }

    private TopicPlan plan(TopicSettings settings) {
        return TopicPlan.of(Topics.ALL, existing, state, settings, COMMANDS);
    }

    private static Map<String, NewTopic> created(TopicPlan plan) {
        return plan.toCreate().stream().collect(Collectors.toMap(NewTopic::name, topic -> topic));
    }

    private void createAll(int partitions) {
        NewTopics newTopics = new NewTopics(partitions, (short) 1);
        for (Topic<?> topic : Topics.ALL) {
            NewTopic made = newTopics.of(topic);
            Map<String, String> config = new HashMap<>(
                    Map.of("retention.ms", "604800000", "retention.bytes", "-1", "min.insync.replicas", "1"));
            config.putAll(made.configs());
            existing.put(topic.name(), new ExistingTopic(made.numPartitions(), 1, config));
        }
    }

    private void configure(String topic, String name, String value) {
        existing.computeIfPresent(topic, (key, found) -> {
            Map<String, String> config = new HashMap<>(found.config());
            config.put(name, value);
            return new ExistingTopic(found.partitions(), found.replication(), config);
        });
    }

    private void repartition(String topic, int partitions) {
        existing.computeIfPresent(
                topic, (key, found) -> new ExistingTopic(partitions, found.replication(), found.config()));
    }
}
