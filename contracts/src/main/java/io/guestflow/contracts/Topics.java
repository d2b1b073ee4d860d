package io.guestflow.contracts;

import static io.guestflow.contracts.Topic.Cleanup.COMPACT;
import static io.guestflow.contracts.Topic.Cleanup.DELETE;
import static io.guestflow.contracts.Topic.Partitions.EQUAL;
import static io.guestflow.contracts.Topic.Partitions.FREE;
import static io.guestflow.contracts.Topic.Partitions.SINGLE;
import static io.guestflow.contracts.Topic.Role.INPUT;
import static io.guestflow.contracts.Topic.Role.INTERNAL;
import static io.guestflow.contracts.Topic.Role.OUTPUT;
import static io.guestflow.contracts.Topic.Timestamps.CREATE_TIME;
import static io.guestflow.contracts.Topic.Timestamps.LOG_APPEND_TIME;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.cxone.TenantPause;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.ContextUpdate;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.contracts.session.SessionRevocation;
import java.time.Duration;
import java.util.List;

/** The one catalogue of topics: nothing else spells a topic's name. */
public final class Topics {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    /** Web tiers ask for guests to be authenticated. */
    public static final Topic<GuestAuthRequest> GUEST_AUTH_REQUESTS = new Topic<>(
            "guest-auth-requests", "guestId", GuestAuthRequest.CODEC, INPUT, EQUAL, DELETE, WEEK, LOG_APPEND_TIME);

    /** Requests that lay in another partition than their guest's; create time, so that the request's time stays. */
    public static final Topic<GuestAuthRequest> GUEST_AUTH_REQUESTS_REKEYED = new Topic<>(
            "guest-auth-requests-rekeyed",
            "guestId",
            GuestAuthRequest.CODEC,
            INTERNAL,
            EQUAL,
            DELETE,
            WEEK,
            CREATE_TIME);

    /** The answers. */
    public static final Topic<GuestAuthResult> GUEST_AUTH_RESULTS = new Topic<>(
            "guest-auth-results", "guestId", GuestAuthResult.CODEC, OUTPUT, EQUAL, DELETE, WEEK, CREATE_TIME);

    /** What effects are to do. The work queue: retention must outlast the longest outage. */
    public static final Topic<AuthCommand> CXONE_AUTH_COMMANDS = new Topic<>(
            "cxone-auth-commands", "guestId", AuthCommand.CODEC, INTERNAL, EQUAL, DELETE, WEEK, CREATE_TIME);

    /** What came of it. */
    public static final Topic<AuthOutcome> CXONE_AUTH_OUTCOMES = new Topic<>(
            "cxone-auth-outcomes", "guestId", AuthOutcome.CODEC, INTERNAL, EQUAL, DELETE, WEEK, CREATE_TIME);

    /** Pauses that CXone asked for, told to every instance of effects. */
    public static final Topic<TenantPause> CXONE_THROTTLE =
            new Topic<>("cxone-throttle", "tenant", TenantPause.CODEC, INTERNAL, SINGLE, COMPACT, null, CREATE_TIME);

    /** CXone's webhooks, the bodies as they were received. */
    public static final Topic<byte[]> CXONE_EVENTS =
            new Topic<>("cxone-events", "ignored", null, INPUT, EQUAL, DELETE, WEEK, LOG_APPEND_TIME);

    /** What bots of running conversations are to be told. */
    public static final Topic<ContextUpdate> GUEST_CONTEXT_UPDATES = new Topic<>(
            "guest-context-updates",
            "conversationId",
            ContextUpdate.CODEC,
            INPUT,
            EQUAL,
            DELETE,
            WEEK,
            LOG_APPEND_TIME);

    /** Sessions that are to end now; kept longer than others, because somebody may have to show it was asked for. */
    public static final Topic<SessionRevocation> GUEST_SESSION_REVOCATIONS = new Topic<>(
            "guest-session-revocations",
            "conversationId",
            SessionRevocation.CODEC,
            INPUT,
            EQUAL,
            DELETE,
            MONTH,
            LOG_APPEND_TIME);

    /** What sessions must know of, in the partition of the conversation. */
    public static final Topic<SessionEvent> SESSION_EVENTS = new Topic<>(
            "session-events", "conversationId", SessionEvent.CODEC, INTERNAL, EQUAL, DELETE, WEEK, CREATE_TIME);

    /** What effects are to do for sessions. */
    public static final Topic<SessionCommand> CXONE_SESSION_COMMANDS = new Topic<>(
            "cxone-session-commands",
            "conversationId",
            SessionCommand.CODEC,
            INTERNAL,
            EQUAL,
            DELETE,
            WEEK,
            CREATE_TIME);

    /** What came of it. */
    public static final Topic<SessionOutcome> CXONE_SESSION_OUTCOMES = new Topic<>(
            "cxone-session-outcomes",
            "conversationId",
            SessionOutcome.CODEC,
            INTERNAL,
            EQUAL,
            DELETE,
            WEEK,
            CREATE_TIME);

    /** What effects are to ask CXone when nobody waits. */
    public static final Topic<QueryCommand> CXONE_QUERY_COMMANDS = new Topic<>(
            "cxone-query-commands", "commandId", QueryCommand.CODEC, INTERNAL, EQUAL, DELETE, WEEK, CREATE_TIME);

    /** What came of it. */
    public static final Topic<QueryOutcome> CXONE_QUERY_OUTCOMES = new Topic<>(
            "cxone-query-outcomes", "commandId", QueryOutcome.CODEC, INTERNAL, EQUAL, DELETE, WEEK, CREATE_TIME);

    /** The sessions as they are now. */
    public static final Topic<Session> GUEST_SESSIONS =
            new Topic<>("guest-sessions", "conversationId", Session.CODEC, OUTPUT, EQUAL, COMPACT, null, CREATE_TIME);

    /** Everything that happened; by the broker's time it is deleted, and forgotten by those who derive from it. */
    public static final Topic<Fact> GUEST_FACTS =
            new Topic<>("guest-facts", "guestRef", Fact.CODEC, OUTPUT, EQUAL, DELETE, WEEK, LOG_APPEND_TIME);

    /** What the facts of one partition come to, on its way to be merged; in the partition of the window's key. */
    public static final Topic<MetricsPartial> GUEST_METRICS_PARTIALS = new Topic<>(
            "guest-metrics-partials",
            "size|windowStart|channel|segment|campaign",
            MetricsPartial.CODEC,
            INTERNAL,
            EQUAL,
            DELETE,
            WEEK,
            CREATE_TIME);

    /**
     * What happened in each window. Not compacted: every window has a key of its own, so compaction would keep all of
     * them for ever. Of a window's revisions the last one counts.
     */
    public static final Topic<MetricsWindow> GUEST_METRICS = new Topic<>(
            "guest-metrics",
            "size|windowStart|channel|segment|campaign",
            MetricsWindow.CODEC,
            OUTPUT,
            EQUAL,
            DELETE,
            MONTH,
            CREATE_TIME);

    /** Finished conversations, as we counted them and as CXone did. */
    public static final Topic<ConversationMetrics> GUEST_CONVERSATION_METRICS = new Topic<>(
            "guest-conversation-metrics",
            "conversationId",
            ConversationMetrics.CODEC,
            OUTPUT,
            EQUAL,
            DELETE,
            MONTH,
            CREATE_TIME);

    /**
     * What facts come to in the slots of the window that alerts look at, in the partition of the scope, and up to when they
     * are read. Of those older than the window nothing is made, so they need not be kept.
     */
    public static final Topic<AlertCounts> GUEST_ALERT_COUNTS =
            new Topic<>("guest-alert-counts", "scope", AlertCounts.CODEC, INTERNAL, EQUAL, DELETE, DAY, CREATE_TIME);

    /** What an operator is to know of; the last record of a key is how the alert stands, however long ago it came. */
    public static final Topic<Alert> GUEST_ALERTS =
            new Topic<>("guest-alerts", "alert|scope", Alert.CODEC, OUTPUT, EQUAL, COMPACT, null, CREATE_TIME);

    /** Every decision, for compliance: chained, so that nothing can be taken out or changed unseen. */
    public static final Topic<AuditRecord> GUEST_AUDIT =
            new Topic<>("guest-audit", "auditId", AuditRecord.CODEC, OUTPUT, EQUAL, COMPACT, null, CREATE_TIME);

    /** Records that could not be processed. */
    public static final Topic<DeadLetter> GUEST_DEAD_LETTERS = new Topic<>(
            "guest-dead-letters", "topic/partition/offset", DeadLetter.CODEC, OUTPUT, FREE, DELETE, MONTH, CREATE_TIME);

    /** All of them. */
    public static final List<Topic<?>> ALL = List.of(
            GUEST_AUTH_REQUESTS,
            GUEST_AUTH_REQUESTS_REKEYED,
            GUEST_AUTH_RESULTS,
            CXONE_AUTH_COMMANDS,
            CXONE_AUTH_OUTCOMES,
            CXONE_THROTTLE,
            CXONE_EVENTS,
            GUEST_CONTEXT_UPDATES,
            GUEST_SESSION_REVOCATIONS,
            SESSION_EVENTS,
            CXONE_SESSION_COMMANDS,
            CXONE_SESSION_OUTCOMES,
            CXONE_QUERY_COMMANDS,
            CXONE_QUERY_OUTCOMES,
            GUEST_SESSIONS,
            GUEST_FACTS,
            GUEST_METRICS_PARTIALS,
            GUEST_METRICS,
            GUEST_CONVERSATION_METRICS,
            GUEST_ALERT_COUNTS,
            GUEST_ALERTS,
            GUEST_AUDIT,
            GUEST_DEAD_LETTERS);

    private Topics() {}
}
