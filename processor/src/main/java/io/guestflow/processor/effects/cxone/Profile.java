package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where one kind of CXone tenant differs from another: paths, header names, grant, limits.
 *
 * @param createPath of the call that opens a conversation, and extends the one that a guest has
 * @param contextPath with {@code {id}} where the conversation's id stands
 * @param close null where there is no such call
 * @param details null likewise
 */
public record Profile(
        String name,
        String tokenPath,
        String grantType,
        String createPath,
        String contextPath,
        String contextHeader,
        String botVariablesHeader,
        String idempotencyKeyHeader,
        String correlationIdHeader,
        @Nullable CloseCall close,
        ConversationLimit conversationLimit,
        @Nullable DetailsCall details) {

    /**
     * The call that ends a conversation.
     *
     * @param path with {@code {id}} where the conversation's id stands
     * @param body JSON, the same for every conversation
     */
    public record CloseCall(String method, String path, String body) {}

    /** How an answer of several pages is gone through. */
    public enum Paging {
        /** Each page tells a token by which the next is asked for; the last one tells none. */
        TOKEN,
        /** Pages have numbers, and each tells how many rows there are in all. */
        NUMBER
    }

    /**
     * The query for CXone's own figures of conversations.
     *
     * @param pageSize rows to ask for at a time; CXone may give less
     * @param mostPages beyond these no page of one answer is read
     * @param callTimeout for one page; analytics take longer than the calls that guests wait for
     */
    public record DetailsCall(String path, Paging paging, int pageSize, int mostPages, Duration callTimeout) {
        /** @throws IllegalArgumentException when nothing could be read */
        public DetailsCall {
            if (pageSize < 1 || mostPages < 1 || !callTimeout.isPositive()) {
                throw new IllegalArgumentException("an answer of " + mostPages + " pages of " + pageSize
                        + " rows, each within " + callTimeout + ", tells nothing");
            }
        }
    }

    /**
     * How often one conversation may be the subject of a call.
     *
     * @param burst calls that may come at once after a rest
     * @param perMinute calls that may come on and on; 0 = no limit
     */
    public record ConversationLimit(int burst, double perMinute) {

        /** CXone's own for the update of one contact. */
        public static final ConversationLimit CXONE = new ConversationLimit(250, 17);

        /** No limit. */
        public static final ConversationLimit NONE = new ConversationLimit(1, 0);

        /** @throws IllegalArgumentException when a call could never be made */
        public ConversationLimit {
            if (burst < 1 || !(perMinute >= 0)) {
                throw new IllegalArgumentException("a limit of " + burst + " calls at once and " + perMinute
                        + " a minute for a conversation lets no call pass");
            }
        }

        boolean isNone() {
            return perMinute == 0;
        }
    }

    /** The contract of the tutorial that guestflow follows by default; it is not NICE's published API. */
    public static final Profile TUTORIAL = tutorial("tutorial", Paging.TOKEN);

    /** The same, but the query for conversations' figures is paged as Genesys Cloud's of that path is. */
    public static final Profile TUTORIAL_PAGE_NUMBERS = tutorial("tutorial_page_numbers", Paging.NUMBER);

    private static Profile tutorial(String name, Paging paging) {
        return new Profile(
                name,
                "/api/v2/oauth/token",
                "client_credentials",
                "/api/v2/channels/messaging/conversations",
                "/api/v2/channels/messaging/conversations/{id}",
                "X-NICE-Context",
                "X-CXone-Bot-Variables",
                "Idempotency-Key",
                "X-Correlation-Id",
                null,
                ConversationLimit.CXONE,
                new DetailsCall(
                        "/api/v2/analytics/conversations/details/query", paging, 100, 20, Duration.ofSeconds(20)));
    }
}
