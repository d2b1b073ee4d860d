package io.guestflow.processor.config;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * Everything the process can be told, read and checked once. What each value means stands in the catalogue and in
 * {@code docs/settings.md}, made from it. Precedence: defaults, then the file of {@code --config}, then the environment,
 * then the command line.
 *
 * @param refKeys present if given; required with every role
 * @param cxone present if all of it is given; always present with the role {@code effects}
 * @param report how the values came about
 */
public record Settings(
        Set<Role> roles,
        Optional<RefKeys> refKeys,
        Instance instance,
        KafkaSettings kafka,
        Topics topics,
        Optional<CXone> cxone,
        Auth auth,
        Context context,
        Webhooks webhooks,
        Sessions sessions,
        Analytics analytics,
        Alerts alerts,
        Measure measure,
        Streams streams,
        Effects effects,
        Http http,
        Log log,
        Report report) {

    /** Who this process is to Kafka, and where it keeps what it knows. */
    public record Instance(Path stateDir, Optional<String> id, OnStop onStop) {}

    /** What happens to an instance's place in the groups when it stops. */
    public enum OnStop {
        STAY,
        LEAVE
    }

    /** How the start treats topics. */
    public record Topics(boolean create, int partitions, short replication, OnLostState onLostState) {}

    /** What the start does when the audit has records and the state of their chains is gone, or older. */
    public enum OnLostState {
        REFUSE,
        CONTINUE
    }

    /**
     * How CXone is reached.
     *
     * @param baseUrl http or https, without a trailing slash
     */
    public record CXone(
            Profile profile,
            URI baseUrl,
            String clientId,
            Secret clientSecret,
            List<String> scopes,
            Rate callsPerSecond,
            Duration callTimeout,
            Duration connectTimeout,
            HttpClient.Version httpVersion,
            Set<String> initialQueueIds) {}

    /** Which CXone API is spoken. */
    public enum Profile {
        TUTORIAL,
        /** The same, but CXone's analytics number their pages. */
        TUTORIAL_PAGE_NUMBERS
    }

    /**
     * What a guest is granted.
     *
     * @param channelsAllowed empty allows any
     * @param consentPolicies empty accepts any; else the first is what a request means that names none
     */
    public record Auth(
            Duration rememberFor,
            Duration timeout,
            int pendingPerGuest,
            Set<String> channelsAllowed,
            Set<String> consentPolicies) {}

    /** What may be told about a guest. */
    public record Context(ContextPolicy policy, List<ContextKey> keys, Duration retryFor) {}

    /** What happens to a context value that is not allowed. */
    public enum ContextPolicy {
        DROP,
        REJECT
    }

    /**
     * How webhooks are read.
     *
     * @param conversationIdFrom which id is the conversation's: the first that a webhook has; never empty
     */
    public record Webhooks(List<ConversationIdFrom> conversationIdFrom) {}

    /** The ids of a webhook that can be the conversation's, under the names that they have there. */
    public enum ConversationIdFrom {
        CONVERSATION_ID("conversationId"),
        CASE_ID("caseId"),
        CONTACT_ID("contactId"),
        CUSTOMER_CONTACT_ID("customerContactId"),
        INTERACTION_ID("interactionId"),
        THREAD_ID("threadId");

        private final String field;

        ConversationIdFrom(String field) {
            this.field = field;
        }

        String field() {
            return field;
        }
    }

    /**
     * How long sessions live.
     *
     * @param refreshThreshold how long before its end a session is refreshed
     * @param tombstoneAfter how long after its end it is forgotten
     * @param heldFor how long events wait for the opening of their conversation
     * @param heldMost for how many conversations of a partition they may
     */
    public record Sessions(
            Duration refreshThreshold,
            Duration maxLifetime,
            Duration tombstoneAfter,
            SessionActivity activity,
            Duration heldFor,
            int heldMost) {}

    /** Which messages keep a session alive. */
    public enum SessionActivity {
        INBOUND,
        ANY
    }

    /**
     * What is counted in windows.
     *
     * @param windows how long they are; never empty
     * @param grace how long after its end a window waits for its last facts
     * @param dimensions what is told apart besides channels
     * @param valuesMost how many values of a dimension a window tells apart, for each partition of facts
     * @param retention how long facts that come late still count
     */
    public record Analytics(
            List<Duration> windows,
            Duration grace,
            Set<AnalyticsDimension> dimensions,
            int valuesMost,
            Duration retention) {}

    /** What windows can tell apart besides channels. */
    public enum AnalyticsDimension {
        SEGMENT,
        CAMPAIGN
    }

    /**
     * When somebody is to know.
     *
     * @param window what alerts look back at; a multiple of 10 s
     * @param rate above which one fires, from 0 to 1
     * @param resolveRate at which, or below, it is over; not more than {@code rate}
     * @param minVolume so many authentications must have ended for one about them to fire
     * @param minRefreshes so many refreshes must have been answered for one about them to fire
     * @param maxChannels how many channels have alerts of their own, for each partition of facts, if any may be served
     */
    public record Alerts(
            Duration window, double rate, double resolveRate, int minVolume, int minRefreshes, int maxChannels) {}

    /**
     * How CXone is asked for its own figures of conversations.
     *
     * @param on whether it is asked
     * @param batchWait how long the first end of a batch waits for more
     * @param retryAfter before each further time that a conversation is asked for; never empty
     * @param giveUpAfter how long after its end a conversation is asked for if CXone cannot be asked
     */
    public record Measure(boolean on, Duration batchWait, List<Duration> retryAfter, Duration giveUpAfter) {}

    /**
     * How the topologies run.
     *
     * @param transactionGap from the end of a transaction to the first record of the next
     */
    public record Streams(ProcessingGuarantee guarantee, Duration transactionGap, int threads, long rocksDbBytes) {}

    /** Kafka Streams' guarantees, under its own names. */
    public enum ProcessingGuarantee {
        EXACTLY_ONCE_V2,
        AT_LEAST_ONCE;

        /** The value of {@code processing.guarantee}. */
        public String configValue() {
            return Catalogue.lower(this);
        }
    }

    /**
     * How CXone is called.
     *
     * @param inFlight commands that may be carried out at once, over all partitions
     */
    public record Effects(int inFlight) {}

    /**
     * Where HTTP is listened to.
     *
     * @param port 0 takes any free one
     */
    public record Http(String host, int port) {}

    /** What is logged, and how it looks. */
    public record Log(LogFormat format, Level level) {}

    /** How a log line looks. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /**
     * Reads the settings from everywhere.
     *
     * @param args the arguments of {@code main}
     * @param environment {@code System.getenv()}
     * @param files {@code Files::readString}
     * @throws SettingsException listing everything that is wrong, not only the first
     */
    public static Settings load(String[] args, Map<String, String> environment, TextFiles files)
            throws SettingsException {
        return SettingsLoader.load(args, environment, files);
    }

    /** Whether a role runs in this process. */
    public boolean runs(Role role) {
        return roles.contains(role);
    }
}
