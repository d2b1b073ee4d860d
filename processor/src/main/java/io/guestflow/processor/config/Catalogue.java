package io.guestflow.processor.config;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.processor.config.Setting.Group;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/** Every setting of the process, declared once. {@code KAFKA_*} client settings come from Kafka's own catalogue instead. */
final class Catalogue {
    private static final List<Setting<?>> DECLARED = new ArrayList<>();
    private static final Set<Role> EVERY_ROLE = EnumSet.allOf(Role.class);
    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    // Process

    static final Setting<Set<Role>> ROLES = declare(
            Group.PROCESS,
            "GUESTFLOW_ROLES",
            ValueTypes.roles(),
            "streams,effects,edge",
            "What this process does: `streams` runs the topologies, `effects` calls CXone, `edge` answers HTTP.");
    static final Setting<RefKeys> REF_KEY = secret(
            Group.PROCESS,
            "GUESTFLOW_REF_KEY",
            ValueTypes.refKeys(),
            EnumSet.allOf(Role.class),
            "Keys that turn guest ids into references: `id:base64` parts separated by commas or lines, the first one writes.");
    // Relative on purpose: a home may not exist in a container, a temporary directory is emptied behind our back, and
    // /var/lib belongs to root. Whoever starts the process in a directory of its own needs to set nothing.
    static final Setting<Path> STATE_DIR = declare(
            Group.PROCESS,
            "GUESTFLOW_STATE_DIR",
            ValueTypes.path(),
            "guestflow-state",
            "Directory of the state stores and the instance id; one process at a time. Keep it over restarts: without it, state is restored from Kafka.");
    static final Setting<String> INSTANCE_ID = declare(
            Group.PROCESS,
            "GUESTFLOW_INSTANCE_ID",
            ValueTypes.text("1 to 64 letters, digits, dots, underscores or dashes, a letter or digit first", ID),
            Optional.empty(),
            EnumSet.noneOf(Role.class),
            "Name of this instance in Kafka's groups (static membership), different for each. Without one, a name is made once and kept in the state directory.");
    static final Setting<Settings.OnStop> ON_STOP = declare(
            Group.PROCESS,
            "GUESTFLOW_ON_STOP",
            ValueTypes.choice(Settings.OnStop.class),
            "stay",
            "Whether a stopped instance keeps its place in the groups until the session times out (`stay`: restarts are quick) or gives it up at once (`leave`: scaling in is quick).");

    // Kafka

    static final Setting<String> BOOTSTRAP_SERVERS = declare(
            Group.KAFKA,
            "KAFKA_BOOTSTRAP_SERVERS",
            ValueTypes.bootstrapServers(),
            Optional.empty(),
            EVERY_ROLE,
            "Brokers to connect to first.");
    static final Setting<Duration> BROKER_WAIT = declare(
            Group.KAFKA,
            "GUESTFLOW_BROKER_WAIT",
            Quantities.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "30s",
            "How long the start waits for a broker before it ends with exit code 3. Once running, a lost broker is waited for without end.");
    static final Setting<Duration> SESSION_TIMEOUT = declare(
            Group.KAFKA,
            "GUESTFLOW_GROUP_SESSION_TIMEOUT",
            Quantities.duration(Duration.ofSeconds(1), Duration.ofMinutes(30)),
            "6s",
            "Silence after which Kafka gives a killed instance's work to others. Brokers refuse less than their `group.min.session.timeout.ms` (6s unless changed).");

    // Topics

    static final Setting<Boolean> TOPICS_CREATE = declare(
            Group.TOPICS,
            "GUESTFLOW_TOPICS_CREATE",
            ValueTypes.flag(),
            "true",
            "Whether the start creates topics that are missing.");
    static final Setting<Integer> TOPICS_PARTITIONS = declare(
            Group.TOPICS,
            "GUESTFLOW_TOPICS_PARTITIONS",
            ValueTypes.integer(1, 10_000),
            "12",
            "Partitions of the topics that the start creates.");
    static final Setting<Short> TOPICS_REPLICATION = declare(
            Group.TOPICS,
            "GUESTFLOW_TOPICS_REPLICATION",
            ValueTypes.replication(),
            "-1",
            "Replicas of the topics that the start creates; -1 is the broker's own default.");
    static final Setting<Settings.OnLostState> AUDIT_ON_LOST_STATE = declare(
            Group.TOPICS,
            "GUESTFLOW_AUDIT_ON_LOST_STATE",
            ValueTypes.choice(Settings.OnLostState.class),
            "refuse",
            "What is done when `guest-audit` has records and the state of their chains is gone or older: `refuse` to start what is made of facts (guests are served all the same), or `continue` the chains where the topic ends.");

    // CXone

    static final Setting<URI> CXONE_BASE_URL = declare(
            Group.CXONE,
            "CXONE_BASE_URL",
            ValueTypes.baseUrl(),
            Optional.empty(),
            EnumSet.of(Role.EFFECTS),
            "Where the CXone API is.");
    static final Setting<String> CXONE_CLIENT_ID = declare(
            Group.CXONE,
            "CXONE_CLIENT_ID",
            ValueTypes.text("1 to 512 characters without control characters", "\\P{Cntrl}{1,512}"),
            Optional.empty(),
            EnumSet.of(Role.EFFECTS),
            "OAuth client id.");
    static final Setting<Secret> CXONE_CLIENT_SECRET = secret(
            Group.CXONE, "CXONE_CLIENT_SECRET", ValueTypes.secret(), EnumSet.of(Role.EFFECTS), "OAuth client secret.");
    static final Setting<List<String>> CXONE_SCOPES = declare(
            Group.CXONE,
            "CXONE_SCOPES",
            ValueTypes.scopes(),
            "messaging:conversations:write messaging:guests:write messaging:analytics:read",
            "OAuth scopes to ask for.");
    static final Setting<Settings.Profile> CXONE_PROFILE = declare(
            Group.CXONE,
            "CXONE_PROFILE",
            ValueTypes.choice(Settings.Profile.class),
            "tutorial",
            "Which CXone API is spoken: paths, grant, header names. With `tutorial_page_numbers` the answers of analytics are paged by `paging.pageNumber` and `totalHits` instead of `pageToken`.");
    static final Setting<Rate> CXONE_CALLS_PER_SECOND = declare(
            Group.CXONE,
            "CXONE_CALLS_PER_SECOND",
            Quantities.rate(),
            "100",
            "Calls a second of all instances together; 0 means no limit.");
    static final Setting<Duration> CXONE_CALL_TIMEOUT = declare(
            Group.CXONE,
            "CXONE_CALL_TIMEOUT",
            Quantities.duration(Duration.ofMillis(50), Duration.ofMinutes(1)),
            "5s",
            "Longest time of one call, reading the body included.");
    static final Setting<Duration> CXONE_CONNECT_TIMEOUT = declare(
            Group.CXONE,
            "CXONE_CONNECT_TIMEOUT",
            Quantities.duration(Duration.ofMillis(50), Duration.ofMinutes(1)),
            "2s",
            "Longest time to open a connection; not more than CXONE_CALL_TIMEOUT.");
    static final Setting<HttpClient.Version> CXONE_HTTP_VERSION = declare(
            Group.CXONE,
            "CXONE_HTTP_VERSION",
            ValueTypes.choice(Map.of("1.1", HttpClient.Version.HTTP_1_1, "2", HttpClient.Version.HTTP_2), "1.1 or 2"),
            "1.1",
            "HTTP version to ask for.");
    static final Setting<Set<String>> CXONE_INITIAL_QUEUE_IDS = declare(
            Group.CXONE,
            "CXONE_INITIAL_QUEUE_IDS",
            ValueTypes.ids("queue ids", 128),
            "",
            "Queues that a new conversation names.");

    // Authentication

    static final Setting<Duration> AUTH_REMEMBER_FOR = declare(
            Group.AUTH,
            "GUESTFLOW_AUTH_REMEMBER_FOR",
            // Effects take outcomes of the last seconds for answers to a command that has the same id.
            Quantities.duration(Duration.ofSeconds(10), Duration.ofDays(7)),
            "15m",
            "How long a result is remembered: a repeated `requestId` within it gets the same answer.");
    static final Setting<Duration> AUTH_TIMEOUT = declare(
            Group.AUTH,
            "GUESTFLOW_AUTH_TIMEOUT",
            Quantities.duration(Duration.ofMillis(100), Duration.ofSeconds(60)),
            "15s",
            "Time to answer a request that names no `timeoutMs`.");
    static final Setting<Integer> AUTH_PENDING_PER_GUEST = declare(
            Group.AUTH,
            "GUESTFLOW_AUTH_PENDING_PER_GUEST",
            // A guest's pending requests are one record of a changelog, and each may be of 64 KiB.
            ValueTypes.integer(1, 10),
            "3",
            "Requests that one guest may have open; one more is answered `RATE_LIMITED`.");
    static final Setting<Set<String>> CHANNELS_ALLOWED = declare(
            Group.AUTH,
            "GUESTFLOW_CHANNELS_ALLOWED",
            ValueTypes.ids("channel ids", 128),
            "",
            "Channels that are served; empty serves any.");
    static final Setting<Set<String>> CONSENT_POLICIES = declare(
            Group.AUTH,
            "GUESTFLOW_CONSENT_POLICIES",
            ValueTypes.ids("policy versions", Consent.MAX_POLICY_VERSION),
            "",
            "Policy versions that a consent may name, the first being what one means that names none; empty accepts any.");

    // Context

    static final Setting<Settings.ContextPolicy> CONTEXT_POLICY = declare(
            Group.CONTEXT,
            "GUESTFLOW_CONTEXT_POLICY",
            ValueTypes.choice(Settings.ContextPolicy.class),
            "drop",
            "What happens to a context key or value that is not allowed: it is left out (`drop`) or the request is rejected (`reject`).");
    static final Setting<List<ContextKey>> CONTEXT_KEYS = declare(
            Group.CONTEXT,
            "GUESTFLOW_CONTEXT_KEYS",
            ValueTypes.contextKeys(),
            "",
            "Context keys to allow besides the built-in ones, such as `loyalty_tier:text(16):^[a-z]+$, vip:flag, visits:number`.");
    static final Setting<Duration> CONTEXT_RETRY_FOR = declare(
            Group.CONTEXT,
            "GUESTFLOW_CONTEXT_RETRY_FOR",
            Quantities.duration(Duration.ZERO, Duration.ofHours(1)),
            "60s",
            "How long a context injection that failed is tried again in the background; 0s does not try again.");

    // Webhooks

    static final Setting<List<Settings.ConversationIdFrom>> CONVERSATION_ID_FROM = declare(
            Group.WEBHOOKS,
            "GUESTFLOW_CONVERSATION_ID_FROM",
            ValueTypes.conversationIds(),
            // CXone's contact number: every case has one, events without a case have it too (message.contactNumber),
            // and
            // the paths of CXone's own API are made of it. The uuids beside it may be null.
            "conversationId,caseId",
            "Which id of a webhook is the conversation's, as the create call answered it: the first of these that it has. `conversationId` is the flat shape's; in CXone's envelope `caseId` is the contact number (`data.case.id`), `contactId`, `customerContactId` and `interactionId` are its neighbours, `threadId` is the thread's id on the external platform. UUIDs count in any case. Name one for each shape: a second one for the same shape gives a conversation two names.");

    // Sessions

    static final Setting<Duration> SESSION_REFRESH_THRESHOLD = declare(
            Group.SESSIONS,
            "GUESTFLOW_SESSION_REFRESH_THRESHOLD",
            Quantities.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "5m",
            "How long before its end a session is refreshed if its guest was active, and said to be expiring if not; at most a third of its lifetime.");
    static final Setting<Duration> SESSION_MAX_LIFETIME = declare(
            Group.SESSIONS,
            "GUESTFLOW_SESSION_MAX_LIFETIME",
            Quantities.duration(Duration.ofSeconds(10), Duration.ofDays(30)),
            "12h",
            "Time after which a session ends however active its guest is. CXone may keep the conversation until the end that the last refresh before it was given.");
    static final Setting<Duration> SESSION_TOMBSTONE_AFTER = declare(
            Group.SESSIONS,
            "GUESTFLOW_SESSION_TOMBSTONE_AFTER",
            Quantities.duration(Duration.ofSeconds(1), Duration.ofDays(30)),
            "24h",
            "How long an ended session is remembered, and stays on `guest-sessions` before its tombstone.");
    static final Setting<Settings.SessionActivity> SESSION_ACTIVITY = declare(
            Group.SESSIONS,
            "GUESTFLOW_SESSION_ACTIVITY",
            ValueTypes.choice(Settings.SessionActivity.class),
            "inbound",
            "Which messages keep a session alive: the guest's (`inbound`) or those of bot and agents too (`any`).");
    static final Setting<Duration> SESSION_HELD_FOR = declare(
            Group.SESSIONS,
            "GUESTFLOW_SESSION_HELD_FOR",
            Quantities.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
            "1h",
            "How long an event waits for the opening of its conversation, which webhooks can overtake; those of one conversation wait twice as long at most, a revocation three times.");
    static final Setting<Integer> SESSION_HELD_MOST = declare(
            Group.SESSIONS,
            "GUESTFLOW_SESSION_HELD_MOST",
            // They are counted one by one when a task starts.
            ValueTypes.integer(0, 100_000),
            "10000",
            "Conversations of one partition whose events may wait for an opening; events of more are counted and left out. Revocations count too, and have room beyond: for as many more, and 1,000 at least.");

    // Analytics

    static final Setting<List<Duration>> ANALYTICS_WINDOWS = declare(
            Group.ANALYTICS,
            "GUESTFLOW_ANALYTICS_WINDOWS",
            Quantities.durations(Duration.ofSeconds(1), Duration.ofDays(1), 8),
            "1m",
            "How long the windows of `guest-metrics` are; each length is counted by itself. They begin at multiples of their length since 1970, UTC. A length that is added counts from the restart on, so its first window is not whole.");
    static final Setting<Duration> ANALYTICS_GRACE = declare(
            Group.ANALYTICS,
            "GUESTFLOW_ANALYTICS_GRACE",
            Quantities.duration(Duration.ZERO, Duration.ofMinutes(10)),
            "10s",
            "How long after its end a window waits for its last facts. Later ones bring a new revision.");
    static final Setting<Set<Settings.AnalyticsDimension>> ANALYTICS_DIMENSIONS = declare(
            Group.ANALYTICS,
            "GUESTFLOW_ANALYTICS_DIMENSIONS",
            ValueTypes.analyticsDimensions(),
            "",
            "What windows tell apart besides channels. After a change, windows that were open have rows of both kinds, each with a part of the facts.");
    static final Setting<Integer> ANALYTICS_VALUES_MOST = declare(
            Group.ANALYTICS,
            "GUESTFLOW_ANALYTICS_VALUES_MOST",
            ValueTypes.integer(1, 10_000),
            "1000",
            "Values of each dimension, and combinations of them, that a window tells apart, for each partition of facts: up to three quarters of them are those of the last window that had any, then come the first to come. The rest are counted as `other`. Whoever may send requests can make values up and so take their places; the protection is GUESTFLOW_CHANNELS_ALLOWED, whose channels are told apart in any case.");
    static final Setting<Duration> ANALYTICS_RETENTION = declare(
            Group.ANALYTICS,
            "GUESTFLOW_ANALYTICS_RETENTION",
            Quantities.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
            "48h",
            "How long after its grace a window still takes facts. Later ones are counted as dropped.");

    // Alerts

    static final Setting<Duration> ALERTS_WINDOW = declare(
            Group.ALERTS,
            "GUESTFLOW_ALERTS_WINDOW",
            // Ten slots of whole seconds.
            Quantities.multiple(Duration.ofSeconds(10), Duration.ofHours(1)),
            "5m",
            "What alerts look back at; they are decided each time that it has moved on by a tenth.");
    static final Setting<Double> ALERTS_RATE = declare(
            Group.ALERTS,
            "GUESTFLOW_ALERTS_RATE",
            Quantities.shareBelowAll(),
            "5%",
            "Rate above which an alert fires: of authentications that fail, and of refreshes after which a session ended.");
    static final Setting<Double> ALERTS_RESOLVE_RATE = declare(
            Group.ALERTS,
            "GUESTFLOW_ALERTS_RESOLVE_RATE",
            Quantities.shareBelowAll(),
            Optional.empty(),
            EnumSet.noneOf(Role.class),
            "Rate at which, or below, an alert is over; not more than GUESTFLOW_ALERTS_RATE, and half of it if it is not set. It is over too when nothing happens any more, but not while facts are unread: that is waited for for an hour.");
    static final Setting<Integer> ALERTS_MIN_VOLUME = declare(
            Group.ALERTS,
            "GUESTFLOW_ALERTS_MIN_VOLUME",
            ValueTypes.integer(1, 1_000_000),
            "20",
            "Authentications that must have ended in the window for `AUTH_ERROR_RATE` to fire: of a few, one is a high rate.");
    static final Setting<Integer> ALERTS_MIN_REFRESHES = declare(
            Group.ALERTS,
            "GUESTFLOW_ALERTS_MIN_REFRESHES",
            ValueTypes.integer(1, 1_000_000),
            "5",
            "Refreshes that must have been answered in the window for an alert about them to fire. A session is refreshed about once in its lifetime, so there are fewer of them.");
    static final Setting<Integer> ALERTS_MAX_CHANNELS = declare(
            Group.ALERTS,
            "GUESTFLOW_ALERTS_MAX_CHANNELS",
            ValueTypes.integer(0, 1_000),
            "1000",
            "Channels that have alerts of their own where GUESTFLOW_CHANNELS_ALLOWED is empty: those in which CXone serves guests, the first ones. Each partition of facts knows them for itself: with more channels than that, a channel's alert may be decided by a part of its facts. What happens in others counts overall. `guestflow_alerts_channels_known` tells how many there are.");

    // Measurement

    static final Setting<Boolean> MEASURE = declare(
            Group.MEASURE,
            "GUESTFLOW_MEASURE",
            ValueTypes.choice(Map.of("on", true, "off", false), "on or off"),
            "on",
            "Whether CXone's analytics are asked for their figures of conversations that have ended. Off: nothing is kept for it, and nothing is reported; what was pending is forgotten.");
    static final Setting<Duration> MEASURE_BATCH_WAIT = declare(
            Group.MEASURE,
            "GUESTFLOW_MEASURE_BATCH_WAIT",
            Quantities.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "30s",
            "How long a conversation that has ended waits for others, so that CXone's analytics are asked for up to 100 at once.");
    static final Setting<List<Duration>> MEASURE_RETRY_AFTER = declare(
            Group.MEASURE,
            "GUESTFLOW_MEASURE_RETRY_AFTER",
            Quantities.delays(Duration.ofMillis(100), Duration.ofDays(1), 16),
            "1m,5m,15m,1h",
            "When a conversation that CXone's analytics do not have yet is asked for again: so long after the first time, the second, and so on. After the last it is reported as missing. One whose figures CXone refuses is reported as unanswered then. Where CXone cannot be asked, the last one is repeated.");
    static final Setting<Duration> MEASURE_GIVE_UP_AFTER = declare(
            Group.MEASURE,
            "GUESTFLOW_MEASURE_GIVE_UP_AFTER",
            // Beyond the facts' retention nobody could tell what was asked for before.
            Quantities.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
            "24h",
            "How long after its end a conversation is asked for while CXone cannot be asked; of one whose end is read later than that, one failure is the last. Ends that were so old when the state of guestflow-facts began are passed over: it may have been lost, and what came of them told.");

    // Streams

    static final Setting<Settings.ProcessingGuarantee> PROCESSING_GUARANTEE = declare(
            Group.STREAMS,
            "GUESTFLOW_PROCESSING_GUARANTEE",
            ValueTypes.choice(Settings.ProcessingGuarantee.class),
            "exactly_once_v2",
            "Guarantee of authentication; sessions and what comes of them are exactly once in any case. `at_least_once` is quicker; after a crash it may give the same answer twice, and another one to a request that was answered within 100 ms before the crash and whose deadline passed before the restart; a second crash within 10 s of the start may lose outcomes that were read before their requests, which then are answered `DEADLINE_EXCEEDED`. Its results bear the time of what decided them.");
    static final Setting<Duration> TRANSACTION_GAP = declare(
            Group.STREAMS,
            "GUESTFLOW_TRANSACTION_GAP",
            Quantities.duration(Duration.ZERO, Duration.ofMillis(100)),
            "2ms",
            "Pause between two transactions of a stream thread, for the broker to write the markers of the first; the next records are polled in it. 0s only where the brokers' add.partitions.to.txn.retry.backoff.ms is 2 or less.");
    static final Setting<Integer> STREAM_THREADS = declare(
            Group.STREAMS,
            "GUESTFLOW_STREAM_THREADS",
            ValueTypes.integer(1, 64),
            "1",
            "Stream threads of each Streams application.");
    static final Setting<Long> ROCKSDB_MEMORY = declare(
            Group.STREAMS,
            "GUESTFLOW_ROCKSDB_MEMORY",
            Quantities.size(8L << 20, 64L << 30),
            "64MiB",
            "Memory outside the heap that all state stores share.");

    // Effects

    static final Setting<Integer> EFFECTS_IN_FLIGHT = declare(
            Group.EFFECTS,
            "GUESTFLOW_EFFECTS_IN_FLIGHT",
            // A poll brings up to 64.
            ValueTypes.integer(64, 4096),
            "256",
            "Commands that may be carried out at once, of guests, of sessions and of questions each, over all partitions; a partition has at most 256 of them, which is what a killed process can repeat.");

    // HTTP

    static final Setting<String> HTTP_HOST = declare(
            Group.HTTP,
            "GUESTFLOW_HTTP_HOST",
            ValueTypes.host(),
            "127.0.0.1",
            "Address to listen on; 0.0.0.0 listens on all, as a container has to.");
    static final Setting<Integer> HTTP_PORT = declare(
            Group.HTTP,
            "GUESTFLOW_HTTP_PORT",
            ValueTypes.port(),
            "8080",
            "Port to listen on; 0 takes any free one (the `ready` line names it).");

    // Log

    static final Setting<Settings.LogFormat> LOG_FORMAT = declare(
            Group.LOG,
            "GUESTFLOW_LOG_FORMAT",
            ValueTypes.choice(Settings.LogFormat.class),
            "text",
            "Log lines on stderr for people (`text`) or one JSON object a line (`json`).");
    static final Setting<Level> LOG_LEVEL = declare(
            Group.LOG,
            "GUESTFLOW_LOG_LEVEL",
            ValueTypes.choice(
                    Stream.of(Level.values()).collect(Collectors.toMap(Level::name, Function.identity())),
                    "ERROR, WARN, INFO, DEBUG or TRACE"),
            "INFO",
            "Least level of our own log lines; libraries stay at WARN or INFO.");

    /** All of them, in the order of the tables. */
    static final List<Setting<?>> ALL = Collections.unmodifiableList(DECLARED);

    private Catalogue() {}

    private static <T> Setting<T> declare(Group group, String name, ValueType<T> type, String defaultText, String doc) {
        return declare(group, name, type, Optional.of(defaultText), EnumSet.noneOf(Role.class), doc);
    }

    private static <T> Setting<T> declare(
            Group group,
            String name,
            ValueType<T> type,
            Optional<String> defaultText,
            Set<Role> requiredBy,
            String doc) {
        return add(new Setting<>(name, group, type, defaultText, false, requiredBy, doc));
    }

    private static <T> Setting<T> secret(
            Group group, String name, ValueType<T> type, Set<Role> requiredBy, String doc) {
        return add(new Setting<>(name, group, type, Optional.empty(), true, requiredBy, doc));
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        DECLARED.add(setting);
        return setting;
    }

    /** The default of a setting that has one; a default that its own type refuses is a mistake in this file. */
    static <T> T defaultOf(Setting<T> setting) {
        String text =
                setting.defaultText().orElseThrow(() -> new IllegalStateException(setting.name() + " has no default"));
        try {
            return setting.type().parse(text);
        } catch (BadValue e) {
            throw new IllegalStateException("the default of " + setting.name() + " " + e.whatIsWrong(), e);
        }
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
