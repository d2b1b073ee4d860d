package io.guestflow.processor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Every default, and every setting seen to land where it belongs. */
class SettingsDefaultsTest {
    @Test
    void everyDefaultIsPinned() throws SettingsException {
        Settings settings = Given.minimum().load();

        assertEquals(
                new Settings(
                        EnumSet.allOf(Role.class),
                        Optional.of(RefKeysTest.keys("k1", Given.KEY_A)),
                        new Settings.Instance(Path.of("guestflow-state"), Optional.empty(), Settings.OnStop.STAY),
                        new KafkaSettings("kafka:9092", Duration.ofSeconds(30), Duration.ofSeconds(6), Map.of()),
                        new Settings.Topics(true, 12, (short) -1, Settings.OnLostState.REFUSE),
                        Optional.of(new Settings.CXone(
                                Settings.Profile.TUTORIAL,
                                URI.create("https://cxone.example.com"),
                                "client",
                                new Secret("hush-hush"),
                                List.of(
                                        "messaging:conversations:write",
                                        "messaging:guests:write",
                                        "messaging:analytics:read"),
                                new Rate(100),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(2),
                                HttpClient.Version.HTTP_1_1,
                                Set.of())),
                        new Settings.Auth(Duration.ofMinutes(15), Duration.ofSeconds(15), 3, Set.of(), Set.of()),
                        new Settings.Context(Settings.ContextPolicy.DROP, List.of(), Duration.ofSeconds(60)),
                        new Settings.Webhooks(List.of(
                                Settings.ConversationIdFrom.CONVERSATION_ID, Settings.ConversationIdFrom.CASE_ID)),
                        new Settings.Sessions(
                                Duration.ofMinutes(5),
                                Duration.ofHours(12),
                                Duration.ofHours(24),
                                Settings.SessionActivity.INBOUND,
                                Duration.ofHours(1),
                                10_000),
                        new Settings.Analytics(
                                List.of(Duration.ofMinutes(1)),
                                Duration.ofSeconds(10),
                                Set.of(),
                                1_000,
                                Duration.ofHours(48)),
                        new Settings.Alerts(Duration.ofMinutes(5), 0.05, 0.025, 20, 5, 1_000),
                        new Settings.Measure(
                                true,
                                Duration.ofSeconds(30),
                                List.of(
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(5),
                                        Duration.ofMinutes(15),
                                        Duration.ofHours(1)),
                                Duration.ofDays(1)),
                        new Settings.Streams(
                                Settings.ProcessingGuarantee.EXACTLY_ONCE_V2, Duration.ofMillis(2), 1, 64L << 20),
                        new Settings.Effects(256),
                        new Settings.Http("127.0.0.1", 8080),
                        new Settings.Log(Settings.LogFormat.TEXT, Level.INFO),
                        settings.report()),
                settings);
        assertEquals(List.of(), settings.report().warnings());
    }

    @Test
    void everySettingLands() throws SettingsException {
        Map<String, String> given = Map.ofEntries(
                Map.entry("GUESTFLOW_ROLES", "edge, streams"),
                Map.entry("GUESTFLOW_REF_KEY", "new:" + Given.KEY_B + ",old:" + Given.KEY_A),
                Map.entry("GUESTFLOW_STATE_DIR", "/var/lib/guestflow"),
                Map.entry("GUESTFLOW_INSTANCE_ID", "guestflow-7"),
                Map.entry("GUESTFLOW_ON_STOP", "leave"),
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", "kafka-1:9092, kafka-2:9093"),
                Map.entry("GUESTFLOW_BROKER_WAIT", "2m"),
                Map.entry("GUESTFLOW_GROUP_SESSION_TIMEOUT", "PT45S"),
                Map.entry("GUESTFLOW_TOPICS_CREATE", "false"),
                Map.entry("GUESTFLOW_TOPICS_PARTITIONS", "4"),
                Map.entry("GUESTFLOW_TOPICS_REPLICATION", "3"),
                Map.entry("GUESTFLOW_AUDIT_ON_LOST_STATE", "continue"),
                Map.entry("CXONE_BASE_URL", "http://localhost:9999/tenant/"),
                Map.entry("CXONE_CLIENT_ID", "another"),
                Map.entry("CXONE_CLIENT_SECRET", " spaces stay "),
                Map.entry("CXONE_SCOPES", "a b,c"),
                Map.entry("CXONE_PROFILE", "Tutorial_Page_Numbers"),
                Map.entry("CXONE_CALLS_PER_SECOND", "0"),
                Map.entry("CXONE_CALL_TIMEOUT", "750ms"),
                Map.entry("CXONE_CONNECT_TIMEOUT", "250ms"),
                Map.entry("CXONE_HTTP_VERSION", "2"),
                Map.entry("CXONE_INITIAL_QUEUE_IDS", "q2,q1,q2"),
                Map.entry("GUESTFLOW_AUTH_REMEMBER_FOR", "1h"),
                Map.entry("GUESTFLOW_AUTH_TIMEOUT", "100ms"),
                Map.entry("GUESTFLOW_AUTH_PENDING_PER_GUEST", "5"),
                Map.entry("GUESTFLOW_CHANNELS_ALLOWED", "web-1,web-2"),
                Map.entry("GUESTFLOW_CONSENT_POLICIES", "v2.1"),
                Map.entry("GUESTFLOW_CONTEXT_POLICY", "reject"),
                Map.entry("GUESTFLOW_CONTEXT_KEYS", "tier:text(16):^[a-z]{1,3}$, vip:flag, visits:number"),
                Map.entry("GUESTFLOW_CONTEXT_RETRY_FOR", "0s"),
                Map.entry("GUESTFLOW_CONVERSATION_ID_FROM", "threadId, caseId,threadId"),
                Map.entry("GUESTFLOW_SESSION_REFRESH_THRESHOLD", "90s"),
                Map.entry("GUESTFLOW_SESSION_MAX_LIFETIME", "1d"),
                Map.entry("GUESTFLOW_SESSION_TOMBSTONE_AFTER", "2h"),
                Map.entry("GUESTFLOW_SESSION_ACTIVITY", "any"),
                Map.entry("GUESTFLOW_SESSION_HELD_FOR", "3h"),
                Map.entry("GUESTFLOW_SESSION_HELD_MOST", "7"),
                Map.entry("GUESTFLOW_ANALYTICS_WINDOWS", "1h, 1m,60s"),
                Map.entry("GUESTFLOW_ANALYTICS_GRACE", "0s"),
                Map.entry("GUESTFLOW_ANALYTICS_DIMENSIONS", "campaign,segment"),
                Map.entry("GUESTFLOW_ANALYTICS_VALUES_MOST", "20"),
                Map.entry("GUESTFLOW_ANALYTICS_RETENTION", "3d"),
                Map.entry("GUESTFLOW_ALERTS_WINDOW", "10m"),
                Map.entry("GUESTFLOW_ALERTS_RATE", "10%"),
                Map.entry("GUESTFLOW_ALERTS_RESOLVE_RATE", "0.5%"),
                Map.entry("GUESTFLOW_ALERTS_MIN_VOLUME", "50"),
                Map.entry("GUESTFLOW_ALERTS_MIN_REFRESHES", "7"),
                Map.entry("GUESTFLOW_ALERTS_MAX_CHANNELS", "9"),
                Map.entry("GUESTFLOW_MEASURE", "OFF"),
                Map.entry("GUESTFLOW_MEASURE_BATCH_WAIT", "10s"),
                Map.entry("GUESTFLOW_MEASURE_RETRY_AFTER", "20s, 2m"),
                Map.entry("GUESTFLOW_MEASURE_GIVE_UP_AFTER", "2h"),
                Map.entry("GUESTFLOW_PROCESSING_GUARANTEE", "at_least_once"),
                Map.entry("GUESTFLOW_TRANSACTION_GAP", "0s"),
                Map.entry("GUESTFLOW_STREAM_THREADS", "2"),
                Map.entry("GUESTFLOW_ROCKSDB_MEMORY", "1GiB"),
                Map.entry("GUESTFLOW_EFFECTS_IN_FLIGHT", "96"),
                Map.entry("GUESTFLOW_HTTP_HOST", "[::1]"),
                Map.entry("GUESTFLOW_HTTP_PORT", "0"),
                Map.entry("GUESTFLOW_LOG_FORMAT", "json"),
                Map.entry("GUESTFLOW_LOG_LEVEL", "debug"));
        assertEquals(
                Catalogue.ALL.stream().map(Setting::name).collect(Collectors.toSet()),
                given.keySet(),
                "this test has to give every setting of the catalogue");

        Given all = Given.nothing();
        given.forEach(all::environment);
        Settings settings = all.load();

        assertEquals(
                new Settings(
                        EnumSet.of(Role.STREAMS, Role.EDGE),
                        Optional.of(RefKeysTest.keys("new", Given.KEY_B, "old", Given.KEY_A)),
                        new Settings.Instance(
                                Path.of("/var/lib/guestflow"), Optional.of("guestflow-7"), Settings.OnStop.LEAVE),
                        new KafkaSettings(
                                "kafka-1:9092,kafka-2:9093", Duration.ofMinutes(2), Duration.ofSeconds(45), Map.of()),
                        new Settings.Topics(false, 4, (short) 3, Settings.OnLostState.CONTINUE),
                        Optional.of(new Settings.CXone(
                                Settings.Profile.TUTORIAL_PAGE_NUMBERS,
                                URI.create("http://localhost:9999/tenant"),
                                "another",
                                new Secret(" spaces stay "),
                                List.of("a", "b", "c"),
                                new Rate(0),
                                Duration.ofMillis(750),
                                Duration.ofMillis(250),
                                HttpClient.Version.HTTP_2,
                                Set.of("q1", "q2"))),
                        new Settings.Auth(
                                Duration.ofHours(1),
                                Duration.ofMillis(100),
                                5,
                                Set.of("web-1", "web-2"),
                                Set.of("v2.1")),
                        new Settings.Context(
                                Settings.ContextPolicy.REJECT,
                                List.of(
                                        new ContextKey("tier", ContextKey.Type.TEXT, 16, Optional.of("^[a-z]{1,3}$")),
                                        new ContextKey("vip", ContextKey.Type.FLAG, 0, Optional.empty()),
                                        new ContextKey("visits", ContextKey.Type.NUMBER, 0, Optional.empty())),
                                Duration.ZERO),
                        new Settings.Webhooks(
                                List.of(Settings.ConversationIdFrom.THREAD_ID, Settings.ConversationIdFrom.CASE_ID)),
                        new Settings.Sessions(
                                Duration.ofSeconds(90),
                                Duration.ofDays(1),
                                Duration.ofHours(2),
                                Settings.SessionActivity.ANY,
                                Duration.ofHours(3),
                                7),
                        new Settings.Analytics(
                                List.of(Duration.ofHours(1), Duration.ofMinutes(1)),
                                Duration.ZERO,
                                Set.of(Settings.AnalyticsDimension.CAMPAIGN, Settings.AnalyticsDimension.SEGMENT),
                                20,
                                Duration.ofDays(3)),
                        new Settings.Alerts(Duration.ofMinutes(10), 0.1, 0.005, 50, 7, 9),
                        new Settings.Measure(
                                false,
                                Duration.ofSeconds(10),
                                List.of(Duration.ofSeconds(20), Duration.ofMinutes(2)),
                                Duration.ofHours(2)),
                        new Settings.Streams(Settings.ProcessingGuarantee.AT_LEAST_ONCE, Duration.ZERO, 2, 1L << 30),
                        new Settings.Effects(96),
                        new Settings.Http("::1", 0),
                        new Settings.Log(Settings.LogFormat.JSON, Level.DEBUG),
                        settings.report()),
                settings);
        assertEquals(
                List.of("q2", "q1"),
                List.copyOf(settings.cxone().orElseThrow().initialQueueIds()),
                "ids keep their order");
        assertEquals(List.of(), settings.report().warnings());
    }

    @Test
    void everyDefaultIsReadableByItsOwnType() {
        for (Setting<?> setting : Catalogue.ALL) {
            setting.defaultText().ifPresent(text -> Catalogue.defaultOf(setting));
            assertTrue(setting.doc().endsWith("."), setting.name() + " has one sentence of documentation");
        }
    }

    @Test
    void theGuaranteesAreThoseOfStreams() {
        assertEquals(StreamsConfig.EXACTLY_ONCE_V2, Settings.ProcessingGuarantee.EXACTLY_ONCE_V2.configValue());
        assertEquals(StreamsConfig.AT_LEAST_ONCE, Settings.ProcessingGuarantee.AT_LEAST_ONCE.configValue());
    }

    @Test
    void aRateOfZeroMeansNoLimitAndLessIsNone() {
        assertTrue(new Rate(0).isUnlimited());
        assertFalse(new Rate(0.5).isUnlimited());
        assertThrows(IllegalArgumentException.class, () -> new Rate(-1));
        assertThrows(IllegalArgumentException.class, () -> new Rate(Double.NaN));
    }
}
