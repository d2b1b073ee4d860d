package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.Paging.Position;
import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The bodies of the details query, written and read as DESIGN section 4 has them. */
final class DetailsJson {
    /** A token is CXone's own business, but not of any size. */
    private static final int LONGEST_TOKEN = 4096;

    private static final double MS_PER_SECOND = 1000;
    /** Some three hundred years, in seconds. */
    private static final double LONGEST_CONVERSATION = 1e10;

    private DetailsJson() {}

    static byte[] query(DetailsCall call, Collection<String> conversationIds, Position at) {
        ObjectNode body = ConversationJson.newObject();
        ArrayNode in = body.putObject("filter")
                .putArray("or")
                .addObject()
                .put("field", "conversation.id")
                .putArray("in");
        conversationIds.forEach(in::add);
        body.putArray("groupBy").add("conversation.id");
        body.putArray("metrics").add("duration").add("messageCount");
        switch (call.paging()) {
            case TOKEN -> {
                body.put("pageSize", call.pageSize());
                if (at instanceof Position.Token(String token)) {
                    body.put("pageToken", token);
                }
            }
            case NUMBER ->
                body.putObject("paging")
                        .put("pageSize", call.pageSize())
                        .put("pageNumber", at instanceof Position.Numbered(int number) ? number : 1);
        }
        return ConversationJson.bytes(body);
    }

    /** The page that an answer holds; null when it cannot be read. Rows that cannot be are only counted. */
    static @Nullable DetailsPage page(DetailsCall call, byte[] body) {
        JsonNode json = ConversationJson.object(body);
        if (json == null || !json.path("data").isArray()) {
            return null;
        }
        List<ConversationDetails> rows = new ArrayList<>();
        int unreadable = 0;
        for (JsonNode row : json.path("data")) {
            ConversationDetails details = row(row);
            if (details == null) {
                unreadable++;
            } else {
                rows.add(details);
            }
        }
        return switch (call.paging()) {
            case TOKEN -> {
                JsonNode next = json.path("pageToken");
                boolean none = next.isMissingNode()
                        || next.isNull()
                        || (next.isString() && next.stringValue().isEmpty());
                if (none) {
                    yield new DetailsPage(rows, unreadable, null, null);
                }
                boolean sound = next.isString() && next.stringValue().length() <= LONGEST_TOKEN;
                yield sound ? new DetailsPage(rows, unreadable, next.stringValue(), null) : null;
            }
            case NUMBER -> {
                JsonNode total = json.path("totalHits");
                boolean sound = total.isIntegralNumber() && total.canConvertToInt() && total.intValue() >= 0;
                yield sound ? new DetailsPage(rows, unreadable, null, total.intValue()) : null;
            }
        };
    }

    private static @Nullable ConversationDetails row(JsonNode row) {
        String id = ConversationJson.idIn(row.path("conversationId"));
        JsonNode duration = row.path("metrics").path("duration");
        JsonNode messages = row.path("metrics").path("messageCount");
        if (id == null
                || !duration.isNumber()
                || !(duration.doubleValue() >= 0 && duration.doubleValue() <= LONGEST_CONVERSATION)
                || !messages.isIntegralNumber()
                || !messages.canConvertToInt()
                || messages.intValue() < 0) {
            return null;
        }
        return new ConversationDetails(
                id,
                ConversationJson.time(row.path("startedAt")),
                ConversationJson.time(row.path("endedAt")),
                Math.round(duration.doubleValue() * MS_PER_SECOND),
                messages.intValue());
    }
}
