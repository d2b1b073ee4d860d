package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topic.Cleanup;
import io.guestflow.contracts.Topic.Partitions;
import io.guestflow.contracts.Topic.Role;
import io.guestflow.contracts.Topic.Timestamps;
import io.guestflow.contracts.codec.JsonCodec;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TopicsTest {
    @Test
    void theCatalogueHasEveryTopicThatIsDeclared() {
        List<Object> declared = Stream.of(Topics.class.getDeclaredFields())
                .filter(field -> field.getType() == Topic.class && Modifier.isPublic(field.getModifiers()))
                .map(field -> {
                    try {
                        return field.get(null);
                    } catch (IllegalAccessException impossible) {
                        throw new AssertionError(impossible);
                    }
                })
                .toList();
        assertEquals(declared, Topics.ALL);
    }

    @Test
    void noTwoTopicsHaveOneName() {
        assertEquals(
                Topics.ALL.size(),
                Topics.ALL.stream().map(Topic::name).distinct().count());
    }

    @ParameterizedTest
    @MethodSource("topics")
    void aTopicsNameIsOneThatKafkaTakesAndThatCannotCollideInMetrics(Topic<?> topic) {
        assertTrue(topic.name().matches("[a-z]+(-[a-z]+)*"), topic.name());
    }

    /** DESIGN.md sections 2, 3 and 5. */
    @ParameterizedTest
    @CsvSource({
        "guest-auth-requests, guestId, guest-auth-request/1, INPUT, EQUAL, DELETE, P7D, LOG_APPEND_TIME",
        "guest-auth-requests-rekeyed, guestId, guest-auth-request/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "guest-auth-results, guestId, guest-auth-result/1, OUTPUT, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-auth-commands, guestId, cxone-auth-command/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-auth-outcomes, guestId, cxone-auth-outcome/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-throttle, tenant, cxone-throttle/1, INTERNAL, SINGLE, COMPACT, , CREATE_TIME",
        "cxone-events, ignored, , INPUT, EQUAL, DELETE, P7D, LOG_APPEND_TIME",
        "guest-context-updates, conversationId, guest-context-update/1, INPUT, EQUAL, DELETE, P7D, LOG_APPEND_TIME",
        "guest-session-revocations, conversationId, guest-session-revocation/1, INPUT, EQUAL, DELETE, P30D,"
                + " LOG_APPEND_TIME",
        "session-events, conversationId, session-event/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-session-commands, conversationId, cxone-session-command/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-session-outcomes, conversationId, cxone-session-outcome/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-query-commands, commandId, cxone-query-command/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "cxone-query-outcomes, commandId, cxone-query-outcome/1, INTERNAL, EQUAL, DELETE, P7D, CREATE_TIME",
        "guest-sessions, conversationId, guest-session/1, OUTPUT, EQUAL, COMPACT, , CREATE_TIME",
        "guest-facts, guestRef, guest-fact/1, OUTPUT, EQUAL, DELETE, P7D, LOG_APPEND_TIME",
        "guest-metrics-partials, size|windowStart|channel|segment|campaign, guest-metrics-partial/1, INTERNAL, EQUAL,"
                + " DELETE, P7D, CREATE_TIME",
        "guest-metrics, size|windowStart|channel|segment|campaign, guest-metrics/1, OUTPUT, EQUAL, DELETE, P30D,"
                + " CREATE_TIME",
        "guest-conversation-metrics, conversationId, guest-conversation-metrics/1, OUTPUT, EQUAL, DELETE, P30D,"
                + " CREATE_TIME",
        "guest-alert-counts, scope, guest-alert-counts/1, INTERNAL, EQUAL, DELETE, P1D, CREATE_TIME",
        "guest-alerts, alert|scope, guest-alert/1, OUTPUT, EQUAL, COMPACT, , CREATE_TIME",
        "guest-audit, auditId, guest-audit/1, OUTPUT, EQUAL, COMPACT, , CREATE_TIME",
        "guest-dead-letters, topic/partition/offset, guest-dead-letter/1, OUTPUT, FREE, DELETE, P30D, CREATE_TIME",
    })
    void aTopicIsSetUpAsTheDesignSays(
            String name,
            String key,
            String schema,
            Role role,
            Partitions partitions,
            Cleanup cleanup,
            String retention,
            Timestamps timestamps) {
        Topic<?> topic = named(name);
        assertEquals(key, topic.key());
        assertEquals(schema, topic.contract().map(JsonCodec::schema).orElse(null));
        assertEquals(role, topic.role());
        assertEquals(partitions, topic.partitions());
        assertEquals(cleanup, topic.cleanup());
        assertEquals(retention == null ? null : Duration.parse(retention), topic.retention());
        assertEquals(timestamps, topic.timestamps());
    }

    @Test
    void everyTopicThatATaskReadsOrWritesHasTheSamePartitionCount() {
        assertEquals(
                Set.of(
                        Topics.GUEST_AUTH_REQUESTS,
                        Topics.GUEST_AUTH_REQUESTS_REKEYED,
                        Topics.GUEST_AUTH_RESULTS,
                        Topics.CXONE_AUTH_COMMANDS,
                        Topics.CXONE_AUTH_OUTCOMES,
                        Topics.CXONE_EVENTS,
                        Topics.GUEST_CONTEXT_UPDATES,
                        Topics.GUEST_SESSION_REVOCATIONS,
                        Topics.SESSION_EVENTS,
                        Topics.CXONE_SESSION_COMMANDS,
                        Topics.CXONE_SESSION_OUTCOMES,
                        Topics.GUEST_SESSIONS,
                        Topics.GUEST_FACTS,
                        Topics.CXONE_QUERY_COMMANDS,
                        Topics.CXONE_QUERY_OUTCOMES,
                        Topics.GUEST_METRICS_PARTIALS,
                        Topics.GUEST_METRICS,
                        Topics.GUEST_CONVERSATION_METRICS,
                        Topics.GUEST_ALERT_COUNTS,
                        Topics.GUEST_ALERTS,
                        Topics.GUEST_AUDIT),
                Topics.ALL.stream()
                        .filter(topic -> topic.partitions() == Partitions.EQUAL)
                        .collect(Collectors.toSet()));
    }

    @Test
    void aRequestThatIsRekeyedStaysTheSameRequest() {
        assertSame(Topics.GUEST_AUTH_REQUESTS.codec(), Topics.GUEST_AUTH_REQUESTS_REKEYED.codec());
    }

    @ParameterizedTest
    @MethodSource("topics")
    void theSchemaHeaderOfATopicLeadsToASchema(Topic<?> topic) {
        topic.contract().map(JsonCodec::schema).ifPresent(schema -> {
            assertTrue(schema.matches("[a-z]+(-[a-z]+)*/[1-9][0-9]*"), schema);
            assertNotNull(Schemas.text(schema));
        });
    }

    @Test
    void onlyWebhooksHaveNoContractOfOurs() {
        assertEquals(
                List.of(Topics.CXONE_EVENTS),
                Topics.ALL.stream().filter(topic -> topic.contract().isEmpty()).toList());
        IllegalStateException refusal = assertThrows(IllegalStateException.class, Topics.CXONE_EVENTS::codec);
        assertTrue(refusal.getMessage().contains("cxone-events"), refusal.getMessage());
    }

    static List<Topic<?>> topics() {
        return Topics.ALL;
    }

    private static Topic<?> named(String name) {
        return Topics.ALL.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no topic " + name));
    }
}
